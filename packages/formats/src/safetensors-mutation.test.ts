// A mutated file is either read or refused with a FormatError: no other error, no endless loop, no allocation beyond its size.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '../test/mutate.ts';
import { decodeSafetensors, encodeSafetensors, FormatError } from './index.ts';

const MUTATIONS = process.env['SINAPSE_TEST_TIER'] === 'full' ? 10_000 : 200;

const ORIGINAL = encodeSafetensors(
  [
    ['conv/filter', { dtype: 'float32', shape: [3, 3, 1, 2], data: Float32Array.from({ length: 18 }, (_, i) => i / 7) }],
    ['conv/bias', { dtype: 'float32', shape: [2], data: Float32Array.of(-1, 1) }],
    ['half "é" \u{1f600}', { dtype: 'bfloat16', shape: [2, 2], data: Uint16Array.of(1, 2, 3, 4) }],
    ['step', { dtype: 'int64', shape: [], data: BigInt64Array.of(12345n) }],
    ['empty', { dtype: 'bool', shape: [0, 7], data: new Uint8Array(0) }],
  ],
  { model: 'lenet5', escaped: '\\"\n' },
);

const HOSTILE_TOKENS = [
  '0',
  '1',
  '-1',
  '9007199254740991',
  '18446744073709551615',
  '1e9',
  'null',
  '[',
  ']',
  '{',
  '}',
  '"',
  '\\',
  ',',
  '\\ud800',
  '"a"',
  '\0',
];

/** The file after a few changes: bytes flipped, inserted, removed or doubled, a number of the header replaced; its length may be corrected. */
function mutate(seed: number): Uint8Array {
  const next = random(seed);
  const pick = (n: number): number => Math.floor(next() * n);
  let bytes = [...ORIGINAL];
  const headerEnd = 8 + ORIGINAL[0]! + 256 * ORIGINAL[1]!;
  let header = headerEnd;
  for (let change = 1 + pick(2); change > 0; change--) {
    // Most changes hit the header, which holds all sizes and offsets.
    const at = next() < 0.8 ? 8 + pick(header - 8) : pick(bytes.length);
    const before = bytes.length;
    switch (pick(6)) {
      case 0:
        bytes[at]! ^= 1 << pick(8);
        break;
      case 1:
        bytes[at] = pick(256);
        break;
      case 2:
        bytes.splice(at, 1 + pick(20));
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + pick(80)));
        break;
      case 4:
        bytes = bytes.slice(0, at);
        break;
      case 5: {
        const digits = bytes.findIndex((byte, i) => i >= at && byte >= 0x30 && byte <= 0x39);
        const token = HOSTILE_TOKENS[pick(HOSTILE_TOKENS.length)]!;
        bytes.splice(digits === -1 ? at : digits, 1, ...new TextEncoder().encode(token));
        break;
      }
    }
    if (at < header) header = Math.max(9, header + bytes.length - before);
  }
  // Most files get their header's new length, so that the reader gets as far as the change.
  if (next() < 0.8) for (let i = 0; i < 8; i++) bytes[i] = Math.floor((header - 8) / 256 ** i) % 256;
  return Uint8Array.from(bytes);
}

/** Whether a file is read or properly refused; anything else throws. */
function outcome(bytes: Uint8Array): 'read' | 'refused' {
  try {
    const { arrays } = decodeSafetensors(bytes);
    let held = 0;
    for (const [name, { shape, data }] of arrays) {
      held += data.byteLength;
      if (data.length !== shape.reduce((product, size) => product * size, 1)) throw new Error(`${name} has ${data.length} elements`);
    }
    if (held > bytes.length) throw new Error(`${held} bytes came out of ${bytes.length}`);
    return 'read';
  } catch (error) {
    if (error instanceof FormatError && /^safetensors: .+$/u.test(error.message)) return 'refused';
    throw error;
  }
}

test(`${MUTATIONS} mutations of a file are read or refused`, () => {
  const count = { read: 0, refused: 0 };
  for (let seed = 1; seed <= MUTATIONS; seed++) {
    try {
      count[outcome(mutate(seed))]++;
    } catch (error) {
      throw new Error(`the mutation of seed ${seed}`, { cause: error });
    }
  }
  // If every mutation broke the file, little would be tested.
  expect(count.read).toBeGreaterThan(MUTATIONS / 50);
  expect(count.refused).toBeGreaterThan(MUTATIONS / 2);
});

test('every prefix of a file is refused', () => {
  for (let length = 0; length < ORIGINAL.length; length++) expect(outcome(ORIGINAL.subarray(0, length))).toBe('refused');
});

test('random bytes are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(outcome(bytes)).toBe('refused');
    }),
  );
});

test('a header of random JSON is refused, unless it is {}', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const header = new TextEncoder().encode(json);
      const file = Uint8Array.from([header.length % 256, header.length >> 8, 0, 0, 0, 0, 0, 0, ...header]);
      expect(outcome(file)).toBe(json === '{}' ? 'read' : 'refused');
    }),
  );
});
