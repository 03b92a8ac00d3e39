// The curve of precision over recall. Davis, Goadrich 2006.

import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { Ranking, RankingOptions } from './ranking.ts';
import { isBroken, meanOfClasses, rankingMetric } from './ranking.ts';

/** A point for each threshold, from recall 0 to recall 1. */
export interface PrecisionRecallCurve {
  /** The least score that is answered with yes; Infinity for the first point, whose precision is 1 by convention. */
  readonly thresholds: readonly number[];
  readonly precision: readonly number[];
  readonly recall: readonly number[];
}

/**
 * The precision-recall curve of a class. Scores are probabilities where there are several classes, else what the model gives.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes, or `class` is missing
 */
export function precisionRecallCurve(options: RankingOptions = {}): AccumulatedMetric<PrecisionRecallCurve> {
  return rankingMetric('precisionRecallCurve', options, curveOf);
}

/**
 * The average precision, the area under the precision-recall curve: Σ (R(n) - R(n-1)) P(n) over the thresholds, without interpolation, which
 * would be optimistic. Of several classes the mean of each against all others (`class` chooses one). NaN if there is no positive example.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes
 */
export function averagePrecision(options: RankingOptions = {}): AccumulatedMetric {
  return rankingMetric('averagePrecision', options, averageOf, meanOfClasses);
}

function curveOf({ positives, thresholds }: Ranking): PrecisionRecallCurve {
  return {
    thresholds: [Infinity, ...thresholds.map(({ score }) => score)],
    precision: [1, ...thresholds.map(({ truePositives, falsePositives }) => truePositives / (truePositives + falsePositives))],
    recall: [0, ...thresholds.map(({ truePositives }) => truePositives / positives)],
  };
}

function averageOf(ranking: Ranking): number {
  if (isBroken(ranking) || ranking.positives === 0) return NaN;
  const { precision, recall } = curveOf(ranking);
  return recall.slice(1).reduce((sum, value, i) => sum + (value - recall[i]!) * precision[i + 1]!, 0);
}
