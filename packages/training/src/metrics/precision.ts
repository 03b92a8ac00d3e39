import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { ClassOptions, PerClassOptions } from './class-average.ts';
import { classMetric, share } from './class-average.ts';

/**
 * The precision: of the examples that were answered as of a class, the share that are of it, TP / (TP + FP); 0 where there are none. By
 * default the mean over the classes.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes
 */
export function precision(options: PerClassOptions): AccumulatedMetric<number[]>;
export function precision(options?: ClassOptions): AccumulatedMetric;
export function precision(options: ClassOptions = {}): AccumulatedMetric<never> {
  return classMetric('precision', options, ({ truePositives, predicted }) => share(truePositives, predicted));
}
