// What the synthetic sets have in common: a count, a seed, and two halves that share no example.

import { RandomStream, check, randomKey } from '@sinapse/core';
import type { Check, OptionChecks, RandomKey, Seed } from '@sinapse/core';
import type { Split } from '../digits/digits.ts';
import { SEED } from '../pipeline/option-checks.ts';

export interface SyntheticOptions {
  /** Number of examples, 1 to 1,000,000. @default 1000 */
  readonly count?: number;
  /** The same seed gives the same examples, bit for bit, on every platform. @default 0 */
  readonly seed?: Seed;
  /** `train` and `test` draw from independent random streams of the seed. @default 'train' */
  readonly split?: Split;
}

export const SYNTHETIC: OptionChecks<SyntheticOptions> = {
  count: check.integer(1, 1_000_000),
  seed: SEED,
  split: check.oneOf(['train', 'test']),
};

export const NOISE: Check = check.notNegative;

/** The key of a set's half. */
export function keyOf(name: string, { seed = 0, split = 'train' }: SyntheticOptions): RandomKey {
  return randomKey(seed).fold(name).fold(split);
}

/** The random numbers of one example, which do not depend on how many there are. */
export function streamOf(key: RandomKey, index: number): RandomStream {
  return new RandomStream(key.fold(index));
}
