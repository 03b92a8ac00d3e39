import { checkOptions } from '@sinapse/core';
import { TrainingError } from '../errors.ts';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { ScoreOptions } from './answers.ts';
import { SCORES, answeredClasses, forEachAnswer } from './answers.ts';

/** The most classes: a matrix of 128 MB. */
const MOST_CLASSES = 4096;

/**
 * The confusion matrix: `matrix[actual][predicted]` counts examples. Of a yes-or-no question the classes are no, 0, and yes, 1.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes, or there are more than 4,096
 */
export function confusionMatrix(options: ScoreOptions = {}): AccumulatedMetric<number[][]> {
  checkOptions('confusionMatrix', options, SCORES);
  return {
    batch: (output, target) => answeredClasses('confusionMatrix', output, target, options),
    start: () => [],
    add(sums, values) {
      const classes = Math.max(2, values[0]!);
      if (classes > MOST_CLASSES) throw new TrainingError(`confusionMatrix: ${classes} classes are too many for a matrix; at most 4,096`);
      while (sums.length < classes ** 2) sums.push(0);
      forEachAnswer('confusionMatrix', values, (actual, predicted) => void sums[actual * classes + predicted]!++);
    },
    result(sums) {
      const classes = Math.sqrt(sums.length);
      return Array.from({ length: classes }, (_, actual) => sums.slice(actual * classes, (actual + 1) * classes));
    },
  };
}
