// Measures how good a model is on data it was not trained on.

import type { Model, Tensor, Tree } from '@sinapse/core';
import { activeBackend, argMax } from '@sinapse/core';
import { checkEvaluateArguments } from './arguments.ts';
import type { Batch, BatchOf, BatchSource } from './batch.ts';
import { isHostArray } from './batch.ts';
import { TrainingError } from './errors.ts';
import type { EvaluateOptions } from './fit-options.ts';
import type { AnyLoss, AnyMetrics } from './measure.ts';
import { measureAll } from './measure-all.ts';
import { meansOf, resultsOf } from './running.ts';
import { gatherExamples } from './selection/given-examples.ts';
import type { ArrayExamples } from './sources/from-arrays.ts';

export interface Evaluation<Results = Readonly<Record<string, number>>> {
  /** The mean loss over the examples. */
  readonly loss: number;
  /** The mean of a function, the result of an accumulated metric. */
  readonly metrics: { readonly [Name in keyof Results]: unknown extends Results[Name] ? number : Results[Name] };
  /** The share of labels predicted correctly, within [0, 1]; NaN if the targets are not class numbers, or the model gives several outputs. */
  readonly accuracy: number;
  readonly examples: number;
  /** `confusion[true][predicted]` counts examples. Empty if the targets are not class numbers or there are more than 4,096 classes. */
  readonly confusion: number[][];
}

/** The most classes for which a confusion matrix is made (128 MB). A language model's vocabulary has more. */
const MOST_CLASSES = 4096;

/**
 * Measures a model on every batch of the data, or on all examples, `{ x, y }` in the forms that `train` takes. Every example has the same weight. It records nothing for gradients and does not change the
 * model. A model that gives NaN has the loss NaN; its accuracy and confusion then say nothing.
 * @throws SinapseError when an argument is wrong or an option unknown; TrainingError when the data is empty or ends early, a label is outside the classes, or x and y have
 *   different numbers of examples
 * @throws the signal's reason when it is aborted
 */
export async function evaluate<In = Tensor, Out = Tensor, Target = Tensor, Results = Readonly<Record<string, number>>>(
  model: Model<In, Out>,
  data: BatchSource<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>> | ArrayExamples,
  options: EvaluateOptions<Out, Target, Results>,
): Promise<Evaluation<Results>> {
  checkEvaluateArguments(model, data, options);
  const source = 'iterate' in data ? data : await batchesOf(data);
  const { loss, classes: expected, signal } = options;
  const metrics = (options.metrics ?? {}) as AnyMetrics;
  let confusion: number[][] = [];

  const countPredictions = async (output: Tree<Tensor>, { y }: Batch<unknown>, classes: number | undefined): Promise<void> => {
    if (classes === undefined || !isHostArray(y)) return;
    if (expected !== undefined && classes !== expected)
      throw new TrainingError(`evaluate: the model tells ${classes} classes apart, not ${expected}`);
    if (classes > MOST_CLASSES) return;
    const predicted = await argMax(output as Tensor, { axis: -1 }).data();
    if (confusion.length === 0) confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    for (let i = 0; i < predicted.length; i++) confusion[y.data[i]!]![predicted[i]!]!++;
  };

  const sums = await measureAll(model, source, {
    backend: activeBackend(),
    loss: loss as AnyLoss,
    metrics,
    signal,
    name: 'evaluate',
    onBatch: countPredictions,
  });
  signal?.throwIfAborted();
  const { loss: mean, accuracy = NaN } = meansOf(sums);
  const results = (resultsOf(sums, metrics) ?? {}) as Evaluation<Results>['metrics'];
  return { loss: mean, accuracy, metrics: results, examples: sums.examples, confusion };
}

/** All examples in batches of 32, as `train` makes of a validation set. */
async function batchesOf(examples: ArrayExamples): Promise<BatchSource<unknown, unknown>> {
  const table = await gatherExamples('evaluate', examples);
  return table.batches(
    Int32Array.from({ length: table.count }, (_, i) => i),
    32,
  );
}
