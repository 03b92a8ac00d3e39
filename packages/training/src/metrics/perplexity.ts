import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { LogLossOptions } from './log-loss.ts';
import { logLossOf } from './log-loss.ts';

/**
 * The perplexity of a language model: exp of the mean of -ln p over all tokens, p being the probability of the true one. With `ignoreIndex`,
 * padding does not count.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes
 */
export function perplexity(options: LogLossOptions = {}): AccumulatedMetric {
  return logLossOf('perplexity', options, Math.exp);
}
