// How much each example counts in the loss: weights of a batch's own, and weights of classes.

import type { Check, Tensor, Tree } from '@sinapse/core';
import { check, formatShape, isFloat, isTensor, sizeOf } from '@sinapse/core';
import type { HostArray } from './batch.ts';
import { isHostArray, toTensor } from './batch.ts';
import { TrainingError } from './errors.ts';
import type { AnyLoss } from './measure.ts';

/** The check of weights of classes. */
export const CLASS_WEIGHTS: Check = {
  expected: 'a list of numbers >= 0, one for each class, not all 0',
  accepts: (value) => Array.isArray(value) && value.every((each) => check.notNegative.accepts(each)) && value.some((each) => each > 0),
};

/** The weights of examples, and what they add up to: the batch's share in means over batches. */
export interface ExampleWeights {
  readonly array: HostArray;
  readonly sum: number;
}

/**
 * The weights of the examples of a batch: their own times that of their class. Undefined if there are none.
 * @param y the targets, on the host if they are integers
 * @throws TrainingError when there are weights of classes and the targets are no class numbers, a class has no weight, or all weights are 0
 */
export function weightsOf(
  { y, weight }: { readonly y: unknown; readonly weight?: HostArray | undefined },
  classWeights: readonly number[] | undefined,
  at: string,
): ExampleWeights | undefined {
  if (classWeights === undefined) return weight && weightsFrom(weight.data, weight.shape, at);
  if (!isHostArray(y) || y.data instanceof Float32Array || (y.dtype !== undefined && (isFloat(y.dtype) || y.dtype === 'bool')))
    throw new TrainingError(`${at}: classWeights are for class numbers as targets, integers [batch]`);
  const { data: labels, shape } = y;
  const each = weight === undefined ? 0 : labels.length / weight.data.length; // labels for each weight
  if (!Number.isInteger(each))
    throw new TrainingError(`${at}: weight has shape ${formatShape(weight!.shape)}, the targets have ${formatShape(shape)}`);
  const data = Float32Array.from(labels, (label, i) => {
    const ofClass = classWeights[label];
    if (ofClass === undefined) throw new TrainingError(`${at}: classWeights has ${classWeights.length} weights, none for class ${label}`);
    return ofClass * (weight === undefined ? 1 : weight.data[Math.floor(i / each)]!);
  });
  return weightsFrom(data, shape, at);
}

function weightsFrom(values: ArrayLike<number>, shape: readonly number[], at: string): ExampleWeights {
  const data = Float32Array.from(values);
  if (data.every((value) => value === 0)) throw new TrainingError(`${at}: all weights of the batch are 0; leave out such examples`);
  const perExample = sizeOf(shape.slice(1)) || 1;
  return { array: { data, shape }, sum: data.reduce((sum, value) => sum + value, 0) / perExample };
}

/**
 * The loss of a batch, in which each example counts by its weight.
 * @throws TrainingError when the loss does not look at the weights
 */
export function weightedLoss(loss: AnyLoss, output: Tree<Tensor>, target: Tree<Tensor>, weights: ExampleWeights | undefined): Tensor {
  if (weights === undefined) return loss(output, target);
  const sampleWeight = toTensor(weights.array);
  let read = false;
  const options = {
    get sampleWeight() {
      read = true;
      return sampleWeight;
    },
  };
  const value = loss(output, target, options);
  if (!read)
    throw new TrainingError(
      'the examples have weights, but the loss takes none: (output, target, options) => softmaxCrossEntropy(output, target, options)',
    );
  return value;
}

/** @throws TrainingError when there are weights for more classes than the model has: two if it gives one number for each target */
export function checkClassWeights(
  classWeights: readonly number[] | undefined,
  output: Tree<Tensor>,
  target: Tree<Tensor>,
  classes: number | undefined,
  at: string,
): void {
  const single = isTensor(output) && isTensor(target) && output.size === target.size;
  const most = classes ?? (single ? 2 : undefined);
  if (classWeights !== undefined && most !== undefined && classWeights.length > most)
    throw new TrainingError(`${at}: classWeights has ${classWeights.length} weights for the model's ${most} classes`);
}

/**
 * Weights that give every class the same part in the loss: examples / (classes · examples of the class). A class without examples has the weight 0.
 * @param labels the class number of each example
 */
export function balancedClassWeights(labels: ArrayLike<number>): number[] {
  const counts: number[] = [];
  for (let i = 0; i < labels.length; i++) counts[labels[i]!] = (counts[labels[i]!] ?? 0) + 1;
  const classes = counts.filter((count) => count > 0).length;
  return Array.from(counts, (count: number | undefined) => (count === undefined ? 0 : labels.length / (classes * count)));
}
