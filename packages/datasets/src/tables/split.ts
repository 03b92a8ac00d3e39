// Splits examples into parts that have the classes in the same shares.

import { SinapseError, check, checkOptions, checkValue, hostPermutation, randomKey } from '@sinapse/core';
import type { Check, OptionChecks, Seed } from '@sinapse/core';
import { SEED } from '../pipeline/option-checks.ts';

export interface SplitOptions {
  /** The share of each part, which together make 1. The first part gets the classes that are too small to share, so it should be the largest: `[0.8, 0.2]`. */
  readonly shares: readonly number[];
  /** @default 0 */
  readonly seed?: Seed;
}

const SHARES: Check = {
  expected: 'numbers > 0 whose sum is 1',
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((share) => Number.isFinite(share) && share > 0) &&
    Math.abs((value as number[]).reduce((sum, share) => sum + share, 0) - 1) < 1e-9,
};
const SPLIT: OptionChecks<SplitOptions> = { shares: check.required(SHARES), seed: SEED };
const LABELS: Check = {
  expected: 'a number of examples, or the class number of each',
  accepts: (value) => check.natural.accepts(value) || Array.isArray(value) || ArrayBuffer.isView(value),
};

/**
 * Splits examples at random into parts of given shares, stratified: each part has each class in the same share, to within one example. Parts
 * have their exact sizes, to within one example. A class of one example goes to the first part.
 * @param labels the class of each example, or, without classes, their number
 * @returns for each part the places of its examples, in random order
 * @throws SinapseError when shares do not sum to 1, or a part would be empty
 * @example
 * const [train, test] = stratifiedSplit(labels, { shares: [0.8, 0.2], seed: 1 });
 */
export function stratifiedSplit(labels: number | ArrayLike<number>, options: SplitOptions): Int32Array[] {
  checkValue('stratifiedSplit: labels', labels, LABELS);
  checkOptions('stratifiedSplit', options, SPLIT);
  const { shares, seed = 0 } = options;
  const count = typeof labels === 'number' ? labels : labels.length;
  const key = randomKey(seed).fold('split');
  const order = hostPermutation(key, count);
  // An example's rank within its class, from 0 to 1: examples of a class are spread evenly over the ranks, so that cuts at any rank leave
  // each class in the share of the whole.
  const sizes = new Map<number, number>();
  const classOf = (place: number): number => (typeof labels === 'number' ? 0 : labels[place]!);
  for (let i = 0; i < count; i++) sizes.set(classOf(i), (sizes.get(classOf(i)) ?? 0) + 1);
  const seen = new Map<number, number>();
  const ranked = Array.from(order, (place) => {
    const label = classOf(place);
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    return { place, rank: (before + 0.5) / sizes.get(label)! };
  }).sort((a, b) => a.rank - b.rank); // stable: equal ranks stay in random order
  let [share, start] = [0, 0];
  return shares.map((own, part) => {
    share += own;
    const end = part === shares.length - 1 ? count : Math.round(share * count);
    if (end <= start) throw new SinapseError(`stratifiedSplit: part ${part + 1} of share ${own} would be empty, of ${count} examples`);
    const places = Int32Array.from(ranked.slice(start, end), ({ place }) => place);
    start = end;
    const shuffled = hostPermutation(key.fold(part), places.length);
    return shuffled.map((i) => places[i]!);
  });
}
