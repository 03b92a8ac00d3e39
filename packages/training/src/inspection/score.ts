// The number of each example that an explanation explains: the score of a class, or any function of the output.

import type { Check, Model, Tensor } from '@sinapse/core';
import {
  Context,
  SinapseError,
  argMax,
  check,
  checkValue,
  formatShape,
  isTensor,
  mul,
  oneHot,
  reshape,
  scope,
  shown,
  sum,
  tensor,
} from '@sinapse/core';
import { MODEL } from '../arguments.ts';
import type { HostArray } from '../batch.ts';
import { isHostArray, toTensor } from '../batch.ts';
import { callModel } from '../call-model.ts';
import { TrainingError } from '../errors.ts';

/**
 * What is explained: the logit of a class, the same for all examples or one for each; or a function of the output `[batch, …]` that gives a number
 * for each example, `[batch]`. By default the logit of the class that the model predicts, or the output itself if it is one number for each
 * example.
 */
export type Target = number | readonly number[] | ((output: Tensor) => Tensor);

export interface TargetOption {
  readonly target?: Target;
}

export const TARGET: Check = {
  expected: 'a class, a class for each example, or a function of the output',
  accepts: (value) =>
    check.natural.accepts(value) ||
    typeof value === 'function' ||
    (Array.isArray(value) && value.length > 0 && value.every(check.natural.accepts)),
};

/** Inputs of a model of one input: a tensor `[batch, …]`, which the caller keeps, or an array with its shape. */
export type Input = Tensor | HostArray;

const INPUT: Check = { expected: 'a tensor [batch, ...] or { data, shape }', accepts: (value) => isTensor(value) || isHostArray(value) };

/** @throws SinapseError unless a model and an input with a batch axis are given */
export function checkModelAndInput(owner: string, model: unknown, x: unknown): void {
  checkValue(`${owner}: the model`, model, MODEL);
  checkValue(`${owner}: x`, x, INPUT);
  const { shape } = x as Input;
  if (shape.length === 0 || shape.includes(0))
    throw new SinapseError(`${owner}: x must have a batch axis and at least one example, got ${formatShape(shape)}`);
}

/** The input as float32 on the host. @throws SinapseError when its dtype is another */
export async function hostInput(owner: string, x: Input): Promise<{ data: Float32Array; shape: readonly number[] }> {
  const data = isTensor(x) ? await x.data() : x.data;
  const isFloat = isTensor(x) ? x.dtype === 'float32' : data instanceof Float32Array;
  if (!isFloat)
    throw new SinapseError(`${owner}: x must be float32: of integers there is no gradient; cast it, e.g. images to numbers within [0, 1]`);
  return { data: Float32Array.from(data), shape: x.shape };
}

/** Calls a model as for a prediction, but recorded for gradients. */
export function callRecorded(model: Model, x: Tensor, context: Context = new Context()): Tensor {
  try {
    return model.call(x, context);
  } finally {
    context.discard();
  }
}

/**
 * The scores of all examples, as a function of the output.
 * @param x the examples, from which the predicted classes follow if no target is given
 * @throws SinapseError when the target does not fit the output
 */
export async function scoring(owner: string, model: Model, x: Input, target: Target | undefined): Promise<(output: Tensor) => Tensor> {
  if (typeof target === 'function') return (output) => checkScores(owner, target(output), output);
  const examples = x.shape[0]!;
  const output = scope(() => callModel(model, toTensor(x)) as Tensor);
  const { shape } = output;
  const predicted = shape.length === 2 ? scope(() => argMax(output, { axis: -1 })) : undefined;
  output.dispose();
  try {
    const single = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
    if (single && target === undefined) return (y) => reshape(y, [examples]);
    if (predicted === undefined)
      throw new SinapseError(
        `${owner}: target: give a function of the output ${formatShape(shape)}; only of [batch, classes] there are classes`,
      );
    const classes = shape[1]!;
    const chosen = target === undefined ? await predicted.data() : classList(owner, target, examples, classes);
    return (y) => sum(mul(y, oneHot(tensor(Int32Array.from(chosen), { shape: [examples] }), classes)), { axis: -1 });
  } finally {
    predicted?.dispose();
  }
}

function classList(owner: string, target: number | readonly number[], examples: number, classes: number): number[] {
  const list = typeof target === 'number' ? new Array<number>(examples).fill(target) : [...target];
  if (list.length !== examples) throw new SinapseError(`${owner}: target: ${list.length} classes for ${examples} examples`);
  const wrong = list.find((label) => label >= classes);
  if (wrong !== undefined)
    throw new TrainingError(`${owner}: target: class ${wrong} is outside the model's ${classes} classes, 0 to ${classes - 1}`);
  return list;
}

function checkScores(owner: string, scores: unknown, { shape }: Tensor): Tensor {
  if (!isTensor(scores) || scores.shape.length !== 1 || scores.shape[0] !== shape[0])
    throw new SinapseError(
      `${owner}: target: the function must give a number for each of the ${shape[0]} examples, got ${isTensor(scores) ? formatShape(scores.shape) : shown(scores)}`,
    );
  return scores;
}
