// A measure of a whole data set that no mean over batches gives: the F1 score, the area under a curve.

import type { Tensor } from '@sinapse/core';

/**
 * A metric that is accumulated over the batches of an epoch, so that its result does not depend on how the examples are cut into batches.
 * `fit` and `evaluate` take it beside plain functions, whose results are averaged over the examples. `fit` needs a result that is one number.
 */
export interface AccumulatedMetric<Result = number, Out = Tensor, Target = Tensor> {
  /**
   * What must be known of a batch: a tensor of any shape, which is read as float32. It is computed where the model's output is, without gradients.
   * @throws TrainingError when output and target do not fit this metric
   */
  batch(output: Out, target: Target): Tensor;
  /** The sums before the first batch. A checkpoint holds them. */
  start(): number[];
  /** Adds what is known of a batch to the sums, in place. */
  add(sums: number[], values: ArrayLike<number>): void;
  /** The metric of all batches added so far. */
  result(sums: readonly number[]): Result;
}

/** Whether a value is an accumulated metric, rather than a function. */
export function isAccumulated(metric: unknown): metric is AccumulatedMetric<unknown, never, never> {
  return (
    typeof metric === 'object' &&
    metric !== null &&
    ['batch', 'start', 'add', 'result'].every((name) => typeof (metric as Record<string, unknown>)[name] === 'function')
  );
}
