// Keys: which random numbers, not the numbers themselves. A key is 64 bits; folding a name or a count into it gives an independent key,
// so that (seed, path in the model, step) names a stream without any shared state.

import { SinapseError } from '../contract/errors.ts';
import { philox4x32 } from './philox.ts';

/** A seed as users write it: an integer from 0 to 2^53 - 1, or a key already derived from one. */
export type Seed = number | RandomKey;

/** An immutable 64-bit key of a random stream. */
export class RandomKey {
  readonly low: number;
  readonly high: number;

  constructor(low: number, high: number) {
    this.low = low >>> 0;
    this.high = high >>> 0;
  }

  /** The key of a named or numbered sub-stream, independent of this one and of its other sub-streams. */
  fold(data: string | number): RandomKey {
    const out = new Uint32Array(4);
    if (typeof data === 'number') {
      checkSeed(data);
      philox4x32([data >>> 0, Math.floor(data / 0x100000000), 0, 0x6e756d62], [this.low, this.high], out); // 'numb'
    } else {
      const [h0, h1] = hash64(data);
      philox4x32([h0, h1, data.length, 0x6e616d65], [this.low, this.high], out); // 'name'
    }
    return new RandomKey(out[0]!, out[1]!);
  }
}

/**
 * The key of a seed; a key passes through.
 * @throws SinapseError when the seed is not an integer from 0 to 2^53 - 1
 */
export function randomKey(seed: Seed): RandomKey {
  if (seed instanceof RandomKey) return seed;
  checkSeed(seed);
  return new RandomKey(seed >>> 0, Math.floor(seed / 0x100000000));
}

function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new SinapseError(`seed: expected an integer from 0 to 2^53 - 1, got ${seed}`);
}

/** Two FNV-1a hashes of the UTF-16 code units, from different offsets; Philox mixes them further. */
function hash64(text: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ (unit + 0x9e37), 0x01000193);
  }
  return [a >>> 0, b >>> 0];
}
