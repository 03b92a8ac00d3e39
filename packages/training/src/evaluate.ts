// How good a model is on data it was not trained on.

import type { Model, Tensor } from '@sinapse/core';
import { activeBackend, argMax } from '@sinapse/core';
import { checkEvaluateArguments } from './arguments.ts';
import type { Batch, BatchSource } from './batch.ts';
import { TrainingError } from './errors.ts';
import type { Loss, Metrics } from './measure.ts';
import { measureAll } from './measure-all.ts';
import { meansOf } from './running.ts';

export interface EvaluateOptions {
  readonly loss: Loss;
  /** Further means over the examples, by name. */
  readonly metrics?: Metrics;
  /** How many classes the model must tell apart; without it, as many as its output has. */
  readonly classes?: number;
  readonly signal?: AbortSignal;
}

export interface Evaluation {
  /** Means over the examples. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Share of the labels that were right, within [0, 1]; NaN where the targets are no class numbers. */
  readonly accuracy: number;
  readonly examples: number;
  /** `confusion[true][predicted]`, counts; empty where the targets are no class numbers, or past 4,096 classes. */
  readonly confusion: number[][];
}

/** A square of counts past this (128 MB) is no table any more: a language model's vocabulary. */
const MOST_CLASSES = 4096;

/**
 * Measures a model on every batch of the data, each example weighing the same. Nothing is recorded for gradients, and the model stays as it is.
 * @throws TrainingError when an argument is not what it should be, when the data is empty or ends early, when a label is outside the classes, or when x and y differ in their number
 * @throws the signal's reason when it is aborted
 */
export async function evaluate(model: Model, data: BatchSource, options: EvaluateOptions): Promise<Evaluation> {
  checkEvaluateArguments(model, data, options);
  const { loss, metrics = {}, classes: expected, signal } = options;
  let confusion: number[][] = [];

  const countPredictions = async (output: Tensor, { y }: Batch, classes: number | undefined): Promise<void> => {
    if (classes === undefined) return;
    if (expected !== undefined && classes !== expected)
      throw new TrainingError(`evaluate: the model tells ${classes} classes apart, not ${expected}`);
    if (classes > MOST_CLASSES) return;
    const predicted = await argMax(output, { axis: -1 }).data();
    if (confusion.length === 0) confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    for (let i = 0; i < predicted.length; i++) confusion[y.data[i]!]![predicted[i]!]!++;
  };

  const sums = await measureAll(model, data, {
    backend: activeBackend(),
    loss,
    metrics,
    signal,
    name: 'evaluate',
    onBatch: countPredictions,
  });
  signal?.throwIfAborted();
  const { loss: mean, accuracy = NaN, metrics: means = {} } = meansOf(sums);
  return { loss: mean, accuracy, metrics: means, examples: sums.examples, confusion };
}
