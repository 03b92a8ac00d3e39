import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { ClassOptions, PerClassOptions } from './class-average.ts';
import { classMetric, share } from './class-average.ts';

/**
 * The F1 score: the harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN); 0 where there are none. By default the mean over the
 * classes. Van Rijsbergen 1979.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes
 */
export function f1(options: PerClassOptions): AccumulatedMetric<number[]>;
export function f1(options?: ClassOptions): AccumulatedMetric;
export function f1(options: ClassOptions = {}): AccumulatedMetric<never> {
  return classMetric('f1', options, ({ truePositives, predicted, actual }) => share(2 * truePositives, predicted + actual));
}
