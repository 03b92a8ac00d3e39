import { checkOptions } from '@sinapse/core';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { ScoreOptions } from './answers.ts';
import { SCORES, answeredClasses, forEachAnswer } from './answers.ts';

/**
 * The accuracy: the share of answers that are right. `fit` and `evaluate` measure it without being asked where targets are class numbers;
 * this one also takes one-hot rows and yes-or-no questions.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes
 */
export function accuracy(options: ScoreOptions = {}): AccumulatedMetric {
  checkOptions('accuracy', options, SCORES);
  return {
    batch: (output, target) => answeredClasses('accuracy', output, target, options),
    start: () => [0, 0],
    add(sums, values) {
      forEachAnswer('accuracy', values, (actual, predicted) => {
        if (actual === predicted) sums[0]!++;
        sums[1]!++;
      });
    },
    result: ([right, examples]) => right! / examples!,
  };
}
