// Scores of all examples, kept for measures that need them in order: the curves and their areas.

import type { OptionChecks } from '@sinapse/core';
import { cast, check, checkOptions, concat, flatten, full, softmax } from '@sinapse/core';
import { TrainingError } from '../errors.ts';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { ScoreOptions } from './answers.ts';
import { SCORES, answersOf, checkActual, checkClass } from './answers.ts';

export interface RankingOptions extends ScoreOptions {
  /** The number of the class to tell from all others. A model of one score needs none. */
  readonly class?: number;
}

const RANKING: OptionChecks<RankingOptions> = { ...SCORES, class: check.natural };

/** One threshold: examples with at least this score, counted. */
interface Threshold {
  readonly score: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** The examples with and without the class, and the thresholds from the highest score to the lowest, one for each different score. */
export interface Ranking {
  readonly positives: number;
  readonly negatives: number;
  readonly thresholds: readonly Threshold[];
}

/**
 * Makes a metric of a ranking by the score of a class: the probability of a class among several, or the only score of a model of yes or no.
 * @param ofRanking gives the result of one class
 * @param ofClasses combines those of all classes; if absent, a model of several needs the option `class`
 */
export function rankingMetric<R>(
  owner: string,
  options: RankingOptions,
  ofRanking: (ranking: Ranking) => R,
  ofClasses?: (results: readonly R[]) => R,
): AccumulatedMetric<R> {
  checkOptions(owner, options, RANKING);
  const { from = 'logits', class: only } = options;
  return {
    batch(output, target) {
      const { classes, scores, actual } = answersOf(owner, output, target);
      checkClass(owner, only, classes);
      if (classes > 1 && only === undefined && ofClasses === undefined)
        throw new TrainingError(`${owner}: the model tells ${classes} classes apart; say which one to tell from the others: { class: 0 }`);
      const ranked = classes > 1 && from === 'logits' ? softmax(scores) : scores;
      return concat([full([1], classes), actual, cast(flatten(ranked), 'float32')]);
    },
    // The number of classes, then for each example its class and its scores.
    start: () => [],
    add(sums, values) {
      const classes = values[0]!;
      const examples = (values.length - 1) / (1 + classes);
      if (sums.length === 0) sums.push(classes);
      for (let i = 0; i < examples; i++) {
        const actual = values[1 + i]!;
        checkActual(owner, actual, classes);
        sums.push(actual);
        for (let c = 0; c < classes; c++) sums.push(values[1 + examples + i * classes + c]!);
      }
    },
    result(sums) {
      const [classes = 1] = sums;
      if (classes === 1) return ofRanking(rankingOf(sums, 1, 1));
      if (only !== undefined) return ofRanking(rankingOf(sums, classes, only));
      return ofClasses!(Array.from({ length: classes }, (_, c) => ofRanking(rankingOf(sums, classes, c))));
    },
  };
}

function rankingOf(sums: readonly number[], classes: number, wanted: number): Ranking {
  const examples = Math.max(0, (sums.length - 1) / (1 + classes));
  const column = classes === 1 ? 0 : wanted;
  const labels = Uint8Array.from({ length: examples }, (_, i) => (sums[1 + i * (1 + classes)] === wanted ? 1 : 0));
  const scores = Float64Array.from({ length: examples }, (_, i) => sums[2 + i * (1 + classes) + column]!);
  const order = Uint32Array.from(labels.keys()).sort((a, b) => scores[b]! - scores[a]! || (Number.isNaN(scores[a]!) ? 1 : 0));
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const thresholds: Threshold[] = [];
  let [truePositives, falsePositives] = [0, 0];
  order.forEach((example, i) => {
    if (labels[example] === 1) truePositives++;
    else falsePositives++;
    const score = scores[example]!;
    if (i + 1 === examples || scores[order[i + 1]!] !== score) thresholds.push({ score, truePositives, falsePositives });
  });
  return { positives, negatives: examples - positives, thresholds };
}

/** The mean over the classes that have a result. */
export function meanOfClasses(results: readonly number[]): number {
  const known = results.filter((result) => !Number.isNaN(result));
  return known.reduce((sum, result) => sum + result, 0) / known.length;
}

/** Whether a score is not a number, so that there is no order. */
export function isBroken({ thresholds }: Ranking): boolean {
  return thresholds.some(({ score }) => Number.isNaN(score));
}
