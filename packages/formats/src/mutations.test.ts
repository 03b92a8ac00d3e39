// A mutated file is either read or refused with a FormatError: no other error, no endless loop, no huge allocation, and nothing in it is run.

import { existsSync, readFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { mutate, random } from '../test/mutate.ts';
import type { NamedArray } from './index.ts';
import { decodeNpy, decodeNpz, decodePyTorch, FormatError } from './index.ts';

const MUTATIONS = process.env['SINAPSE_TEST_TIER'] === 'full' ? 10_000 : 200;

const fixture = (name: string): Uint8Array => Uint8Array.from(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));

/** The archive with a change in one of its files, or in its own bytes. */
function mutateArchive(original: Uint8Array, seed: number): Uint8Array {
  const next = random(seed);
  if (next() < 0.4) return mutate(original, seed);
  const files = unzipSync(original);
  const names = Object.keys(files);
  const pickle = names.find((name) => name.endsWith('data.pkl'));
  const name = pickle ?? names[Math.floor(next() * names.length)]!;
  const content = files[name]!;
  // Of an array mostly its header: its values may be any.
  const end = pickle === undefined && next() < 0.8 ? Math.min(128, content.length) : content.length;
  files[name] = Uint8Array.from([...mutate(content.subarray(0, end), seed), ...content.subarray(end)]);
  return zipSync(files, { level: next() < 0.2 ? 6 : 0 });
}

const readers: [
  string,
  string,
  (bytes: Uint8Array) => ReadonlyMap<string, NamedArray>,
  (original: Uint8Array, seed: number) => Uint8Array,
][] = [
  [
    'npy',
    'fortran.npy',
    (bytes) => new Map([['array', decodeNpy(bytes)]]),
    (original, seed) =>
      seed % 5 === 0 ? mutate(original, seed) : Uint8Array.from([...mutate(original.subarray(0, 128), seed), ...original.subarray(128)]),
  ],
  ['npz', 'numpy.npz', decodeNpz, mutateArchive],
  ['npz', 'numpy-deflated.npz', decodeNpz, mutateArchive],
  ['pytorch', 'checkpoint.pt', decodePyTorch, mutateArchive],
  ['pytorch', 'evil.pt', decodePyTorch, mutateArchive],
];

/** Whether a file is read or properly refused; anything else throws. */
function outcome(label: string, bytes: Uint8Array, decode: (bytes: Uint8Array) => ReadonlyMap<string, NamedArray>): 'read' | 'refused' {
  try {
    let held = 0;
    for (const [name, { shape, data }] of decode(bytes)) {
      held += data.byteLength;
      if (data.length !== shape.reduce((product, size) => product * size, 1)) throw new Error(`${name} has ${data.length} elements`);
    }
    if (held > 1100 * bytes.length) throw new Error(`${held} bytes came out of ${bytes.length}`);
    return 'read';
  } catch (error) {
    if (error instanceof FormatError && error.message.startsWith(`${label}: `) && !error.message.includes('\n')) return 'refused';
    throw error;
  }
}

test.each(readers)(`${MUTATIONS} mutations of a file are read or refused: %s, %s`, (label, name, decode, change) => {
  const original = fixture(name);
  const count = { read: 0, refused: 0 };
  for (let seed = 1; seed <= MUTATIONS; seed++) {
    try {
      count[outcome(label, change(original, seed), decode)]++;
    } catch (error) {
      throw new Error(`the mutation of seed ${seed}`, { cause: error });
    }
  }
  expect(count.refused).toBeGreaterThan(MUTATIONS / 4);
  if (name !== 'evil.pt') expect(count.read).toBeGreaterThan(MUTATIONS / 50);
  expect(existsSync('/tmp/sinapse-was-here')).toBe(false);
});

test.each(readers)('every prefix of a file is refused: %s, %s', (label, name, decode) => {
  const original = fixture(name);
  for (let length = 0; length < original.length; length += 1 + (length % 7)) {
    expect(outcome(label, original.subarray(0, length), decode)).toBe('refused');
  }
});
