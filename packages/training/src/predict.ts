// Applies a trained model to new inputs.

import type { Model, Tensor } from '@sinapse/core';
import { check, formatShape, scope, softmax, withBackend } from '@sinapse/core';
import { checkInput } from './arguments.ts';
import type { HostArray } from './batch.ts';
import { callModel } from './call-model.ts';
import { TrainingError, checkArgument } from './errors.ts';

/** Returns the model's output as a new handle, since the output may be x itself. The handle belongs to the enclosing scope. */
function outputOf(model: Model, x: Tensor): Tensor {
  return withBackend(x.backend, () => scope(() => callModel(model, x).alias()));
}

/** Issues the read of a tensor and disposes of it. The read still gives the values of this moment. */
async function readAndRelease(tensor: Tensor): Promise<HostArray> {
  const { shape } = tensor;
  const reading = tensor.data();
  tensor.dispose();
  return { data: await reading, shape };
}

/**
 * Returns the model's output for a batch of inputs, unchanged: logits for most classifiers.
 * @param x `[batch, ...]`; the caller keeps it
 */
export async function predict(model: Model, x: Tensor): Promise<HostArray> {
  checkInput('predict', model, x);
  return readAndRelease(outputOf(model, x));
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

/**
 * Returns the most probable classes of each input, best first; of equally probable ones the lower number comes first.
 * @param x `[batch, ...]`; the caller keeps it
 * @returns one list for each input
 * @throws TrainingError when the model's output is not `[batch, classes]`, or the number of labels is not the number of classes
 */
export async function classify(model: Model, x: Tensor, options: ClassifyOptions = {}): Promise<ClassProbability[][]> {
  checkInput('classify', model, x);
  const { top = 5, labels, output: kind = 'logits' } = options;
  checkArgument('classify: top', top, check.count);
  const { data, shape } = await readAndRelease(
    scope(() => {
      const y = outputOf(model, x);
      if (y.shape.length !== 2)
        throw new TrainingError(`classify: the model's output must be [batch, classes], got ${formatShape(y.shape)}`);
      return kind === 'logits' ? softmax(y) : y;
    }),
  );
  const [rows, classes] = shape as [number, number];
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
