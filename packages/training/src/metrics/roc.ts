// The receiver operating characteristic. Fawcett 2006, "An introduction to ROC analysis".

import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { Ranking, RankingOptions } from './ranking.ts';
import { isBroken, meanOfClasses, rankingMetric } from './ranking.ts';

/** A point for each threshold, from (0, 0) to (1, 1). */
export interface RocCurve {
  /** The least score that is answered with yes; Infinity for the first point. */
  readonly thresholds: readonly number[];
  /** The share of the negative examples that are answered with yes. */
  readonly falsePositiveRate: readonly number[];
  /** The share of the positive examples that are answered with yes: the recall. */
  readonly truePositiveRate: readonly number[];
}

/**
 * The ROC curve of a class. Scores are probabilities where there are several classes, else what the model gives.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes, or `class` is missing
 */
export function rocCurve(options: RankingOptions = {}): AccumulatedMetric<RocCurve> {
  return rankingMetric('rocCurve', options, curveOf);
}

/**
 * The area under the ROC curve, by trapezoids: the probability that a positive example has a larger score than a negative one. Of several
 * classes the mean of each against all others (`class` chooses one). NaN if positive or negative examples are missing.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes
 */
export function rocAuc(options: RankingOptions = {}): AccumulatedMetric {
  return rankingMetric('rocAuc', options, areaOf, meanOfClasses);
}

function curveOf({ positives, negatives, thresholds }: Ranking): RocCurve {
  return {
    thresholds: [Infinity, ...thresholds.map(({ score }) => score)],
    falsePositiveRate: [0, ...thresholds.map(({ falsePositives }) => falsePositives / negatives)],
    truePositiveRate: [0, ...thresholds.map(({ truePositives }) => truePositives / positives)],
  };
}

function areaOf(ranking: Ranking): number {
  if (isBroken(ranking)) return NaN;
  const { positives, negatives, thresholds } = ranking;
  let [area, before] = [0, { truePositives: 0, falsePositives: 0 }];
  for (const point of thresholds) {
    area += ((point.falsePositives - before.falsePositives) * (point.truePositives + before.truePositives)) / 2;
    before = point;
  }
  return area / (positives * negatives);
}
