import type { OptionChecks, Tensor } from '@sinapse/core';
import {
  cast,
  check,
  checkOptions,
  concat,
  expandDims,
  greater,
  log,
  logSoftmax,
  max,
  min,
  neg,
  notEqual,
  onesLike,
  reshape,
  softplus,
  squeeze,
  sub,
  takeAlong,
  where,
} from '@sinapse/core';
import { TrainingError } from '../errors.ts';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { ScoreOptions } from './answers.ts';
import { SCORES, answersOf } from './answers.ts';

export interface LogLossOptions extends ScoreOptions {
  /** A class number whose examples do not count, e.g. that of padding. */
  readonly ignoreIndex?: number;
}

const LOG_LOSS: OptionChecks<LogLossOptions> = { ...SCORES, ignoreIndex: check.natural };

/**
 * The mean of -ln p, where p is the probability that the model gives to the true class: the cross-entropy of the data.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes, or
 *   probabilities are outside 0 to 1
 */
export function logLoss(options: LogLossOptions = {}): AccumulatedMetric {
  return logLossOf('logLoss', options, (mean) => mean);
}

/** A function of the mean of -ln p. */
export function logLossOf(owner: string, options: LogLossOptions, result: (mean: number) => number): AccumulatedMetric {
  checkOptions(owner, options, LOG_LOSS);
  const { from = 'logits', ignoreIndex } = options;
  return {
    batch(output, target) {
      const { classes, scores, actual } = answersOf(owner, output, target);
      const losses = classes === 1 ? lossesOfYesOrNo(scores, actual, from) : lossesOfClasses(scores, actual, from);
      const counts = ignoreIndex === undefined ? onesLike(losses) : cast(notEqual(actual, ignoreIndex), 'float32');
      const range = from === 'logits' ? [] : [min(scores), max(scores)].map((end) => cast(reshape(end, [1]), 'float32'));
      return concat([cast(losses, 'float32'), counts, ...range]);
    },
    start: () => [0, 0],
    add(sums, values) {
      const ends = from === 'logits' ? 0 : 2;
      const examples = (values.length - ends) / 2;
      for (let i = 2 * examples; i < values.length; i++) checkProbability(owner, values[i]!);
      for (let i = 0; i < examples; i++) {
        if (values[i + examples] === 0) continue;
        sums[0]! += values[i]!;
        sums[1]!++;
      }
    },
    result: ([sum, examples]) => result(sum! / examples!),
  };
}

/** How far rounding in float32 may carry a probability out of its range. */
const ROUNDING = 1e-5;

/** @throws TrainingError when a score cannot be a probability; NaN stays, and gives a result that is NaN */
function checkProbability(owner: string, score: number): void {
  if (score < -ROUNDING || score > 1 + ROUNDING)
    throw new TrainingError(
      `${owner}: from: 'probabilities', but the model gives ${score}, which is outside 0 to 1; for logits leave from out`,
    );
}

function lossesOfClasses(scores: Tensor, actual: Tensor, from: 'logits' | 'probabilities'): Tensor {
  const labels = expandDims(cast(actual, 'int32'), -1);
  const given = from === 'logits' ? logSoftmax(scores) : scores;
  const own = squeeze(takeAlong(given, labels), -1);
  return neg(from === 'logits' ? own : log(own));
}

function lossesOfYesOrNo(scores: Tensor, actual: Tensor, from: 'logits' | 'probabilities'): Tensor {
  const yes = greater(actual, 0.5);
  // -ln σ(x) = softplus(-x), and 1 - σ(x) = σ(-x).
  return from === 'logits' ? softplus(where(yes, neg(scores), scores)) : neg(log(where(yes, scores, sub(1, scores))));
}
