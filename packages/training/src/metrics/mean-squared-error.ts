import type { AccumulatedMetric } from './accumulated-metric.ts';
import { meanOfErrors } from './errors-of-numbers.ts';

/**
 * The mean of (x - t)² over all predicted numbers x and targets t.
 * @throws SinapseError when an option is given, for it has none; in use TrainingError when output and target have different shapes
 */
export function meanSquaredError(options: Readonly<Record<never, never>> = {}): AccumulatedMetric {
  return meanOfErrors('meanSquaredError', options, (error) => error ** 2);
}
