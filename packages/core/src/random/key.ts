// Keys of random streams. A key is 64 bits and selects a stream of random numbers. Folding a name or a count into it gives an independent
// key, so (seed, path in the model, step) names a stream without shared state.

import * as check from '../contract/checks.ts';
import { checkValue } from '../contract/options.ts';
import type { Scalars } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import { cell, derivedCell, numberOf } from '../contract/scalar.ts';
import { philox4x32 } from './philox.ts';

/** A seed as users write it: an integer from 0 to 2^53 - 1, or a key. */
export type Seed = number | RandomKey;

type Words = readonly [low: number, high: number];

/** The words of a key, as scalars of kernels; cells if the key may change. */
export type KeyScalars = Scalars<'randomBits', Scalar>;

/** A 64-bit key of a random stream. It is constant, unless it was folded from a `KeyCell`, whose changes it follows. */
export class RandomKey {
  /** The key's words, as kernels that draw random numbers take them. */
  readonly scalars: KeyScalars;

  /** @param low, high unsigned 32-bit words, or cells that hold them */
  constructor(low: Scalar, high: Scalar) {
    const word = (scalar: Scalar): Scalar => (typeof scalar === 'number' ? scalar >>> 0 : scalar);
    this.scalars = { keyLow: word(low), keyHigh: word(high) };
  }

  get low(): number {
    return numberOf(this.scalars.keyLow) >>> 0;
  }

  get high(): number {
    return numberOf(this.scalars.keyHigh) >>> 0;
  }

  /** The key of a named or numbered sub-stream, independent of this stream and of its other sub-streams. */
  fold(data: string | number): RandomKey {
    if (typeof data === 'number') checkSeed(data);
    const { keyLow, keyHigh } = this.scalars;
    if (typeof keyLow === 'number' && typeof keyHigh === 'number') return new RandomKey(...folded([keyLow, keyHigh], data));
    let from: Words = [this.low, this.high];
    let words = folded(from, data);
    const current = (): Words => {
      const now: Words = [this.low, this.high];
      if (now[0] !== from[0] || now[1] !== from[1]) [from, words] = [now, folded(now, data)];
      return words;
    };
    return new RandomKey(
      derivedCell(() => current()[0]),
      derivedCell(() => current()[1]),
    );
  }
}

/** A key that can be changed at each step; keys folded from it change with it. */
export class KeyCell extends RandomKey {
  private readonly words: { readonly low: { value: number }; readonly high: { value: number } };

  constructor(initial: Seed) {
    const { low, high } = randomKey(initial);
    const words = { low: cell(low), high: cell(high) };
    super(words.low, words.high);
    this.words = words;
  }

  /** Takes the value of another key. */
  assign({ low, high }: RandomKey): void {
    this.words.low.value = low;
    this.words.high.value = high;
  }
}

function folded(key: Words, data: string | number): Words {
  const out = new Uint32Array(4);
  if (typeof data === 'number') {
    philox4x32([data >>> 0, Math.floor(data / 0x100000000), 0, 0x6e756d62], key, out); // 'numb'
  } else {
    const [h0, h1] = hash64(data);
    philox4x32([h0, h1, data.length, 0x6e616d65], key, out); // 'name'
  }
  return [out[0]!, out[1]!];
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

function checkSeed(seed: unknown): void {
  checkValue('randomKey', seed, check.seed, 'seed');
}

/** Two FNV-1a hashes of the UTF-16 code units, with different initial values; Philox mixes them further. */
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
