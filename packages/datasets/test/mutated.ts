// Damaged copies of a file, as hostile input for its reader.

import { RandomStream, SinapseError, randomKey } from '@sinapse/core';
import { expect } from 'vitest';

/** Files a reader is tried with. */
export const MUTATIONS = process.env['SINAPSE_TEST_TIER'] === 'full' ? 10_000 : 200;

/** A copy of a file after a few changes: bits flipped, bytes replaced, inserted, removed, doubled, zeroed; or its end cut off. */
export function mutated(original: Uint8Array, seed: number): Uint8Array {
  const random = new RandomStream(randomKey(seed).fold('mutation'));
  let bytes = [...original];
  for (let change = random.below(3); change >= 0; change--) {
    // Half of the changes hit the first bytes, which hold most formats' sizes and offsets.
    const at = random.below(Math.max(1, random.below(2) === 0 ? Math.min(64, bytes.length) : bytes.length));
    const length = 1 + random.below(16);
    switch (random.below(7)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        for (let i = 0; i < Math.min(4, length); i++) bytes[at + i] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)]!;
        break;
      case 2:
        bytes.splice(at, 0, ...Array.from({ length }, () => random.below(256)));
        break;
      case 3:
        bytes.splice(at, length);
        break;
      case 4:
        bytes.splice(at, 0, ...bytes.slice(at, at + 8 * length));
        break;
      case 5:
        bytes.fill(0, at, at + 4 * length);
        break;
      default:
        bytes = bytes.slice(0, at);
    }
  }
  return Uint8Array.from(bytes, (byte) => byte ?? 0);
}

/** Reads damaged copies of a file: each gives a result that `check` accepts, or an error of one line. Returns how many were refused. */
export async function readsMutated<T>(
  original: Uint8Array,
  read: (bytes: Uint8Array) => T | Promise<T>,
  check: (result: T) => void = () => undefined,
  count: number = MUTATIONS,
): Promise<number> {
  let refused = 0;
  for (let seed = 0; seed < count; seed++) {
    let result: T;
    try {
      result = await read(mutated(original, seed));
    } catch (error) {
      refused++;
      if (!(error instanceof SinapseError)) throw new Error(`mutation ${seed}`, { cause: error });
      expect(error.message.includes('\n'), `mutation ${seed}: ${error.message}`).toBe(false);
      expect(error.message.length).toBeLessThan(500);
      continue;
    }
    check(result);
  }
  return refused;
}
