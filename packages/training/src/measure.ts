// Measures one batch: the loss, the number of correct labels and further metrics. One read brings all of them to the host.

import type { Tensor, Tree } from '@sinapse/core';
import { argMax, cast, concat, equal, formatShape, inference, isTensor, reshape, shown, sum } from '@sinapse/core';
import type { Batch } from './batch.ts';
import { isHostArray } from './batch.ts';
import { TrainingError } from './errors.ts';
import type { AccumulatedMetric } from './metrics/accumulated-metric.ts';
import { isAccumulated } from './metrics/accumulated-metric.ts';

/**
 * Maps a model's output and the target to a float scalar, the mean over the batch. If examples have weights, they are given as `sampleWeight`, as the losses
 * of @sinapse/layers take them; a mean is then that of the weighted losses, divided by the sum of the weights.
 */
export type Loss<Out = Tensor, Target = Tensor> = (output: Out, target: Target, options?: WeightOptions) => Tensor;

export interface WeightOptions {
  /** How much each example counts: numbers >= 0, `[batch]`, or one for each target. */
  readonly sampleWeight?: Tensor;
}

/** Like a loss, but only reported: no gradient is taken. Its results are averaged over the examples; an `AccumulatedMetric` is not a mean. */
export type Metric<Out = Tensor, Target = Tensor> = (output: Out, target: Target) => Tensor;

/** Metrics by name. Those of `fit` give one number each. */
export type Metrics<Out = Tensor, Target = Tensor, Result = number> = Readonly<
  Record<string, Metric<Out, Target> | AccumulatedMetric<Result, Out, Target>>
>;

/** A loss of trees, as the training loop calls it. */
export type AnyLoss = Loss<Tree<Tensor>, Tree<Tensor>> & {
  /**
   * Checks the targets of a batch before the loss is computed.
   * @param y the targets as the batch has them: on the host if they are integers
   * @param at the position in the data, for the message
   */
  readonly checkTargets?: (output: Tree<Tensor>, target: Tree<Tensor>, y: unknown, at: string) => void;
};
export type AnyMetrics = Metrics<Tree<Tensor>, Tree<Tensor>, unknown>;

/** The measures of one batch. */
export interface Measured {
  readonly examples: number;
  /** The sum of the weights of the examples, if they have weights. */
  readonly weight?: number;
  /** The mean over the batch. The metrics are means, too. */
  readonly loss: number;
  /** How many of the `labels` the model predicted correctly. Both are 0 if the target does not hold class numbers. */
  readonly correct: number;
  readonly labels: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** What the accumulated metrics must know of the batch. */
  readonly accumulated: Readonly<Record<string, ArrayLike<number>>>;
}

/** The tensors from which a batch is measured. */
export interface Outcome {
  readonly loss: Tensor;
  /** `[batch, ...]`, or a tree of such tensors; the target, too. */
  readonly output: Tree<Tensor>;
  readonly target: Tree<Tensor>;
  readonly examples: number;
  readonly weight?: number | undefined;
}

/**
 * The number of classes if the target holds class numbers: integers, one for each row of scores along the output's last axis. Undefined for
 * other targets, for rows of a single score, and for models of several outputs.
 */
export function classesOf(output: Tree<Tensor>, target: Tree<Tensor>): number | undefined {
  if (!isTensor(output) || !isTensor(target)) return undefined;
  const classes = output.shape.at(-1) ?? 0;
  const integers = target.dtype === 'int32' || target.dtype === 'uint8';
  const rows = output.shape.length === target.shape.length + 1 && target.shape.every((length, i) => length === output.shape[i]);
  return integers && rows && classes > 1 ? classes : undefined;
}

/**
 * @param at the position in the data, for the message
 * @throws TrainingError when a label is not in [0, classes)
 */
export function checkLabels({ y }: Batch<unknown>, classes: number, at: string): void {
  if (!isHostArray(y)) return; // not class numbers: `checkBatch` has read those
  const { data } = y;
  for (let i = 0; i < data.length; i++) {
    const label = data[i]!;
    if (label < 0 || label >= classes)
      throw new TrainingError(
        `${at}: label ${label} of example ${rowOf(i, y.shape)} is outside the model's ${classes} classes, 0 to ${classes - 1}`,
      );
  }
}

function rowOf(index: number, shape: readonly number[]): number {
  return Math.floor(index / (shape.slice(1).reduce((product, length) => product * length, 1) || 1));
}

/**
 * @throws TrainingError when a loss or metric is not a scalar
 */
export function checkScalar(value: unknown, name: string): asserts value is Tensor {
  checkTensor(value, name);
  if (value.size !== 1) throw new TrainingError(`${name} must be a scalar, the mean over the batch; got ${formatShape(value.shape)}`);
}

function checkTensor(value: unknown, name: string): asserts value is Tensor {
  if (!isTensor(value)) throw new TrainingError(`${name} must be a tensor, got ${value instanceof Promise ? 'a promise' : shown(value)}`);
}

/**
 * Issues the read of a batch's measures. If reading is immediate, it returns them. If reading waits, it returns a promise that resolves
 * when the forward pass is done, whatever is issued later. The promise may be dropped: its rejection is handled.
 */
export function readMeasures({ loss, output, target, examples, weight }: Outcome, metrics: AnyMetrics): Measured | Promise<Measured> {
  const labels = classesOf(output, target) === undefined ? 0 : (target as Tensor).size;
  /** Where each metric's values stand in the row. */
  const parts: { readonly name: string; readonly from: number; readonly to: number; readonly mean: boolean }[] = [];
  const row = inference(() => {
    const values = [loss];
    if (labels > 0) values.push(sum(cast(equal(argMax(output as Tensor, { axis: -1 }), cast(target as Tensor, 'int32')), 'float32'))); // exact to 2^24 labels
    let from = values.length;
    for (const [name, metric] of Object.entries(metrics)) {
      const mean = !isAccumulated(metric);
      const value = mean ? metric(output, target) : metric.batch(output, target);
      if (mean) checkScalar(value, `the metric ${name}`);
      checkTensor(value, `the metric ${name}`);
      values.push(value);
      parts.push({ name, from, to: from + value.size, mean });
      from += value.size;
    }
    return concat(values.map((value) => cast(reshape(value, [value.size]), 'float32')));
  });
  const measured = (values: ArrayLike<number>): Measured => {
    const list = Array.from(values);
    const named = parts.map(({ name, from, to, mean }) => ({ name, mean, values: list.slice(from, to) }));
    return {
      examples,
      ...(weight !== undefined && { weight }),
      loss: list[0]!,
      correct: labels > 0 ? list[1]! : 0,
      labels,
      metrics: Object.fromEntries(named.filter(({ mean }) => mean).map((part) => [part.name, part.values[0]!])),
      accumulated: Object.fromEntries(named.filter(({ mean }) => !mean).map((part) => [part.name, part.values])),
    };
  };
  if (row.backend.info.reading === 'immediate') return measured(row.dataSync());
  const read = row.data().then(measured);
  read.catch(() => {});
  return read;
}
