import type { AccumulatedMetric } from './accumulated-metric.ts';
import { meanOfErrors } from './errors-of-numbers.ts';

/**
 * The root of the mean squared error over all examples, in the unit of the targets. The mean of the roots of batches would be less.
 * @throws SinapseError when an option is given, for it has none; in use TrainingError when output and target have different shapes
 */
export function rootMeanSquaredError(options: Readonly<Record<never, never>> = {}): AccumulatedMetric {
  return meanOfErrors('rootMeanSquaredError', options, (error) => error ** 2, Math.sqrt);
}
