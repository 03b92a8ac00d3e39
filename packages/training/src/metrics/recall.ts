import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { ClassOptions, PerClassOptions } from './class-average.ts';
import { classMetric, share } from './class-average.ts';

/**
 * The recall, or sensitivity: of the examples of a class, the share that were answered as such, TP / (TP + FN); 0 where there are none. By
 * default the mean over the classes.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes
 */
export function recall(options: PerClassOptions): AccumulatedMetric<number[]>;
export function recall(options?: ClassOptions): AccumulatedMetric;
export function recall(options: ClassOptions = {}): AccumulatedMetric<never> {
  return classMetric('recall', options, ({ truePositives, actual }) => share(truePositives, actual));
}
