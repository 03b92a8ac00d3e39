// Applies a trained model to new inputs.

import type { Model, OptionChecks, Tensor, TypedArray } from '@sinapse/core';
import { activeBackend, check, checkOptions, formatShape, isTensor, sameShape, scope, softmax, withBackend } from '@sinapse/core';
import { checkClassifyArguments, checkPredictArguments } from './arguments.ts';
import type { Batch, BatchArray, HostArray, IterateOptions } from './batch.ts';
import { checkArray, toTensor } from './batch.ts';
import { callModel } from './call-model.ts';
import { TrainingError } from './errors.ts';

/** Data to predict from: batches with inputs; targets, if there are any, are ignored. */
export interface InputSource {
  iterate(options: IterateOptions): AsyncIterable<Pick<Batch, 'x'>>;
}

/** Returns the model's output as a new handle, since the output may be x itself. The handle belongs to the enclosing scope. */
function outputOf(model: Model, x: BatchArray): Tensor {
  return withBackend(isTensor(x) ? x.backend : activeBackend(), () => scope(() => callModel(model, toTensor(x)).alias()));
}

/** Issues the read of a tensor and disposes of it. The read still gives the values of this moment. */
async function readAndRelease(tensor: Tensor): Promise<HostArray> {
  const { shape } = tensor;
  const reading = tensor.data();
  tensor.dispose();
  return { data: await reading, shape };
}

/**
 * Returns the model's output, unchanged: logits for most classifiers. NaN and infinities are returned, too.
 * @param x one batch `[batch, ...]`, as a tensor, which the caller keeps, or as an array with its shape; or a source of batches `{ x }`, whose
 *   outputs are joined in order
 * @throws TrainingError when an argument is none of these, the data is empty, or two batches give outputs of different shapes
 */
export async function predict(model: Model, x: Tensor | HostArray | InputSource): Promise<HostArray> {
  checkPredictArguments(model, x);
  if (!('iterate' in x)) return readAndRelease(outputOf(model, x));
  const outputs: HostArray[] = [];
  for await (const batch of x.iterate({ epoch: 1 })) {
    checkArray(batch?.x, 'x', `predict: batch ${outputs.length + 1}`);
    outputs.push(await readAndRelease(outputOf(model, batch.x)));
  }
  return joined(outputs);
}

/** Joins outputs along the batch axis. */
function joined(outputs: readonly HostArray[]): HostArray {
  const [first] = outputs;
  if (first === undefined) throw new TrainingError('predict: the data is empty');
  const [, ...rest] = first.shape;
  outputs.forEach(({ shape }, i) => {
    if (!sameShape(shape.slice(1), rest))
      throw new TrainingError(`predict: batch ${i + 1} gives ${formatShape(shape)}, batch 1 ${formatShape(first.shape)}`);
  });
  const size = outputs.reduce((sum, { data }) => sum + data.length, 0);
  const data = new (first.data.constructor as new (size: number) => TypedArray)(size);
  outputs.reduce((at, output) => (data.set(output.data, at), at + output.data.length), 0);
  return { data, shape: [outputs.reduce((sum, { shape }) => sum + shape[0]!, 0), ...rest] };
}

export interface ClassifyOptions {
  /** How many classes to return, at most all of them. Default 5. */
  readonly top?: number;
  /** The names of the classes, in the order of their numbers. */
  readonly labels?: readonly string[];
  /** Whether the model returns logits, to which softmax is applied, or probabilities. Default `logits`. */
  readonly output?: 'logits' | 'probabilities';
}

export interface ClassProbability {
  readonly class: number;
  /** The probability of the class, within [0, 1]. */
  readonly probability: number;
  /** The name of the class, if labels were given. */
  readonly label?: string;
}

const CLASSIFY: OptionChecks<ClassifyOptions> = {
  top: check.count,
  labels: { expected: 'a list of names', accepts: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string') },
  output: check.oneOf(['logits', 'probabilities']),
};

/**
 * Returns the most probable classes of each input, best first; of equally probable ones the lower number comes first.
 * @param x `[batch, ...]`, as a tensor, which the caller keeps, or as an array with its shape
 * @returns one list for each input
 * @throws TrainingError when the model's output is not `[batch, classes]` or gives NaN, or the number of labels is not the number of classes
 */
export async function classify(model: Model, x: Tensor | HostArray, options: ClassifyOptions = {}): Promise<ClassProbability[][]> {
  checkClassifyArguments(model, x);
  checkOptions('classify', options, CLASSIFY);
  const { top = 5, labels, output: kind = 'logits' } = options;
  const { data, shape } = await readAndRelease(
    scope(() => {
      const y = outputOf(model, x);
      if (y.shape.length !== 2)
        throw new TrainingError(`classify: the model's output must be [batch, classes], got ${formatShape(y.shape)}`);
      return kind === 'logits' ? softmax(y) : y;
    }),
  );
  const [rows, classes] = shape as [number, number];
  const wrong = (data as Float32Array).findIndex((probability) => Number.isNaN(probability));
  if (wrong >= 0)
    throw new TrainingError(
      `classify: the model's scores of input ${Math.floor(wrong / classes)} are not numbers (NaN); its weights are damaged, or its training diverged`,
    );
  if (labels !== undefined && labels.length !== classes)
    throw new TrainingError(`classify: ${labels.length} labels for ${classes} classes`);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: classes }, (_, number) => ({
      class: number,
      probability: data[row * classes + number]!,
      ...(labels && { label: labels[number]! }),
    }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, top),
  );
}
