// Splits examples at random in two: those to train on, and those to measure on.

import type { Check, OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue, hostPermutation, randomKey } from '@sinapse/core';
import type { RandomKey } from '@sinapse/core';
import type { Batch, BatchSource, HostArray } from './batch.ts';
import { TrainingError } from './errors.ts';
import { EXAMPLES, shuffled } from './selection/examples.ts';
import { gatherExamples } from './selection/given-examples.ts';
import type { ArrayExamples } from './sources/from-arrays.ts';

export interface SplitOptions {
  /** The share of examples to measure on, between 0 and 1. Default 0.2. Each side gets at least one example. */
  readonly fraction?: number;
  /** Whether both sides get their share of each class, up to rounding; the targets are then class numbers. Default false. */
  readonly stratify?: boolean;
  /** The seed of the random choice. Default 0. */
  readonly seed?: number;
}

/** A number strictly between 0 and 1. */
export const FRACTION: Check = {
  expected: 'a number between 0 and 1',
  accepts: (value) => typeof value === 'number' && value > 0 && value < 1,
};

const OPTIONS: OptionChecks<SplitOptions> = { fraction: FRACTION, stratify: check.flag, seed: check.natural };

/** Two parts of some examples, each in a random order, with their weights if they have any. */
export interface SplitExamples {
  readonly train: Batch<HostArray>;
  readonly validation: Batch<HostArray>;
}

/**
 * Splits examples at random. No example is in both parts.
 * @param data `{ x, y }` with arrays of all examples, as `train` takes them, or a source of batches, which is read once
 * @throws SinapseError when an argument is wrong; TrainingError when there are fewer than two examples, or `stratify` finds no class numbers
 */
export async function split(data: ArrayExamples | BatchSource<unknown, unknown>, options: SplitOptions = {}): Promise<SplitExamples> {
  checkValue('split: the data', data, EXAMPLES);
  checkOptions('split', options, OPTIONS);
  const { fraction = 0.2, stratify = false, seed = 0 } = options;
  const table = await gatherExamples('split', data);
  const rows = splitRows('split', table.count, fraction, stratify ? table.labels('split: stratify needs') : undefined, randomKey(seed));
  return { train: table.take(rows.train), validation: table.take(rows.validation) } as SplitExamples;
}

/** The numbers of the examples of both parts. */
export interface SplitRows {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/**
 * @param labels the class of each example; both parts then get their share of each class: the whole numbers below the exact shares, and one more for those
 *   with the largest remainders
 */
export function splitRows(
  owner: string,
  count: number,
  fraction: number,
  labels: ArrayLike<number> | undefined,
  key: RandomKey,
): SplitRows {
  if (count < 2) throw new TrainingError(`${owner}: ${count} example${count === 1 ? '' : 's'} cannot be split in two`);
  const wanted = Math.min(count - 1, Math.max(1, Math.round(count * fraction)));
  const order = hostPermutation(key.fold('split'), count);
  const classes = new Map<number, number[]>();
  for (const row of order) {
    const label = labels?.[row] ?? 0;
    const members = classes.get(label);
    if (members === undefined) classes.set(label, [row]);
    else members.push(row);
  }
  const shares = [...classes.values()].map((members) => {
    const exact = (members.length * wanted) / count;
    return { members, taken: Math.floor(exact), remainder: exact - Math.floor(exact) };
  });
  let missing = wanted - shares.reduce((sum, { taken }) => sum + taken, 0);
  for (const share of [...shares].sort((a, b) => b.remainder - a.remainder)) if (missing-- > 0) share.taken++;
  const part = (rowsOf: (share: (typeof shares)[number]) => readonly number[], name: string): number[] =>
    shuffled(shares.flatMap(rowsOf), key.fold(name));
  return {
    train: part(({ members, taken }) => members.slice(taken), 'train'),
    validation: part(({ members, taken }) => members.slice(0, taken), 'validation'),
  };
}
