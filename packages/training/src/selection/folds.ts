// Splits examples into folds: each example is held out for the test once.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, randomKey } from '@sinapse/core';
import { shuffled } from './examples.ts';

/** The numbers of the examples to train on, and of those held out. Each list is in a random order. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface FoldOptions {
  /** The number of folds, from 2 to the number of examples. Default 5. */
  readonly folds?: number;
  /** The class of each example. If given, every fold has its share of each class, up to rounding. */
  readonly labels?: ArrayLike<number>;
  /** The seed of the random order. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionChecks<FoldOptions> = {
  folds: { expected: 'an integer >= 2', accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 2 },
  labels: {
    expected: 'a list of class numbers',
    accepts: (value) => (Array.isArray(value) && value.every(Number.isInteger)) || ArrayBuffer.isView(value),
  },
  seed: check.natural,
};

/**
 * Splits examples at random into folds of equal size, up to one example. The training part of a fold is all that is not in its test part. Stone
 * 1974, "Cross-validatory choice and assessment of statistical predictions"; with `labels` stratified, Kohavi 1995.
 * @param count the number of examples
 * @throws SinapseError when there are more folds than examples, or than examples of a class
 */
export function kFold(count: number, options: FoldOptions = {}): Fold[] {
  checkValue('kFold: count', count, check.count);
  checkOptions('kFold', options, OPTIONS);
  const { folds = 5, labels, seed = 0 } = options;
  if (folds > count)
    throw new SinapseError(`kFold: ${folds} folds of ${count} example${count === 1 ? '' : 's'}; there can be at most one for each`);
  const key = randomKey(seed);
  const all = Array.from({ length: count }, (_, i) => i);
  // Examples are dealt like cards. Class after class, each fold gets as many of a class as any other, or one fewer.
  const order = labels === undefined ? shuffled(all, key) : byClass(labels, count, folds).flatMap((rows, i) => shuffled(rows, key.fold(i)));
  const foldOf = new Int32Array(count);
  order.forEach((example, i) => (foldOf[example] = i % folds));
  const mixed = shuffled(all, key.fold('order'));
  return Array.from({ length: folds }, (_, fold) => ({
    train: Int32Array.from(mixed.filter((example) => foldOf[example] !== fold)),
    test: Int32Array.from(mixed.filter((example) => foldOf[example] === fold)),
  }));
}

/** The examples of each class, in the order of the class numbers. */
function byClass(labels: ArrayLike<number>, count: number, folds: number): number[][] {
  if (labels.length !== count) throw new SinapseError(`kFold: ${labels.length} labels for ${count} examples`);
  const members = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const rows = members.get(labels[i]!);
    if (rows === undefined) members.set(labels[i]!, [i]);
    else rows.push(i);
  }
  for (const [label, { length }] of members)
    if (length < folds)
      throw new SinapseError(
        `kFold: class ${label} has ${length} example${length === 1 ? '' : 's'}, fewer than the ${folds} folds; take fewer folds`,
      );
  return [...members].sort(([a], [b]) => a - b).map(([, rows]) => rows);
}
