// Measures of single classes, and their averages over the classes.

import type { Check, OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions } from '@sinapse/core';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { ScoreOptions } from './answers.ts';
import { SCORES, answeredClasses, checkClass, forEachAnswer } from './answers.ts';

/**
 * How classes are averaged: `macro`, each alike; `weighted`, by the number of their examples; `micro`, all answers together; `perClass`, a
 * number for each. Classes that neither occur nor are answered do not count in the mean. A model of one score has one class, yes.
 */
export type Average = 'macro' | 'weighted' | 'micro' | 'perClass';

export interface ClassOptions extends ScoreOptions {
  /** Default `macro`. Not together with `class`. */
  readonly average?: Average;
  /** The number of the only class to measure. */
  readonly class?: number;
}

/** Options for a number for each class. */
export interface PerClassOptions extends ClassOptions {
  readonly average: 'perClass';
}

const AVERAGES: Check = check.oneOf(['macro', 'weighted', 'micro', 'perClass']);
const CLASS: OptionChecks<ClassOptions> = { ...SCORES, average: AVERAGES, class: check.natural };

/** The answers about one class, or about several together. */
export interface Tally {
  /** Examples of the class that were answered as such. */
  readonly truePositives: number;
  /** Examples that were answered as of the class. */
  readonly predicted: number;
  /** Examples of the class. */
  readonly actual: number;
}

/** Makes a metric from the formula for one class. */
export function classMetric(owner: string, options: ClassOptions, ofClass: (tally: Tally) => number): AccumulatedMetric<never> {
  checkOptions(owner, options, CLASS);
  const { average = 'macro', class: only } = options;
  if (only !== undefined && options.average !== undefined)
    throw new SinapseError(`${owner}: takes average or class, not both: of one class there is no average`);
  const metric: AccumulatedMetric<number | number[]> = {
    batch: (output, target) => answeredClasses(owner, output, target, options),
    start: () => [],
    add(sums, values) {
      checkClass(owner, only, values[0]!);
      addTallies(owner, sums, values);
    },
    result(sums) {
      const tallies = talliesOf(sums);
      if (only !== undefined) return ofClass(tallyOf(tallies, only));
      if (average === 'perClass') return tallies.map(ofClass);
      if (average === 'micro') return ofClass(tallies.reduce(together, NONE));
      const seen = tallies.filter(({ predicted, actual }) => predicted + actual > 0);
      const weightOf = ({ actual }: Tally) => (average === 'weighted' ? actual : 1);
      const weights = seen.reduce((sum, tally) => sum + weightOf(tally), 0);
      return seen.reduce((sum, tally) => sum + weightOf(tally) * ofClass(tally), 0) / weights;
    },
  };
  return metric as AccumulatedMetric<never>;
}

const NONE: Tally = { truePositives: 0, predicted: 0, actual: 0 };

function together(a: Tally, b: Tally): Tally {
  return { truePositives: a.truePositives + b.truePositives, predicted: a.predicted + b.predicted, actual: a.actual + b.actual };
}

/** The share of a count, 0 where there is nothing to count. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** The sums hold three numbers for each class: true positives, predicted, actual. Of yes or no only yes is a class. */
function addTallies(owner: string, sums: number[], values: ArrayLike<number>): void {
  const classes = values[0]!;
  while (sums.length < 3 * classes) sums.push(0);
  const count = (name: number, which: number) => {
    const index = classes === 1 ? name - 1 : name; // no is class 0, which is not counted
    if (index >= 0) sums[3 * index + which]!++;
  };
  forEachAnswer(owner, values, (actual, predicted) => {
    if (actual === predicted) count(actual, 0);
    count(predicted, 1);
    count(actual, 2);
  });
}

function talliesOf(sums: readonly number[]): Tally[] {
  return Array.from({ length: sums.length / 3 }, (_, i) => ({
    truePositives: sums[3 * i]!,
    predicted: sums[3 * i + 1]!,
    actual: sums[3 * i + 2]!,
  }));
}

/** The tally of a class that is known to be one. */
function tallyOf(tallies: readonly Tally[], only: number): Tally {
  return tallies[tallies.length === 1 ? only - 1 : only] ?? NONE;
}
