// What a trained model says of new inputs.

import type { Model, Tensor } from '@sinapse/core';
import { check, formatShape, scope, softmax, withBackend } from '@sinapse/core';
import { checkInput } from './arguments.ts';
import type { HostArray } from './batch.ts';
import { callModel } from './call-model.ts';
import { TrainingError, checkArgument } from './errors.ts';

/** A handle of our own to the model's output, which may be x itself. It belongs to the enclosing scope. */
function outputOf(model: Model, x: Tensor): Tensor {
  return withBackend(x.backend, () => scope(() => callModel(model, x).alias()));
}

/** The values of a tensor that nobody else needs. They are those of this moment, so it can go before they have come. */
async function readAndRelease(tensor: Tensor): Promise<HostArray> {
  const { shape } = tensor;
  const reading = tensor.data();
  tensor.dispose();
  return { data: await reading, shape };
}

/**
 * The model's output for a batch of inputs, as it is: logits for most classifiers.
 * @param x `[batch, ...]`; stays the caller's
 */
export async function predict(model: Model, x: Tensor): Promise<HostArray> {
  checkInput('predict', model, x);
  return readAndRelease(outputOf(model, x));
}

export interface ClassifyOptions {
  /** How many classes to tell, best first. 5 unless given, and no more than there are. */
  readonly top?: number;
  /** Names of the classes, in their order. */
  readonly labels?: readonly string[];
  /** What the model's output is: logits, which softmax turns into probabilities (the default), or probabilities already. */
  readonly output?: 'logits' | 'probabilities';
}

export interface ClassProbability {
  readonly class: number;
  /** Within [0, 1]. */
  readonly probability: number;
  /** Where labels were given. */
  readonly label?: string;
}

/**
 * The most probable classes of each input, best first; of equal ones the lower number first.
 * @param x `[batch, ...]`; stays the caller's
 * @returns one list for each input
 * @throws TrainingError when the model's output is not `[batch, classes]`, or the labels differ from it in number
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
