// Applies a trained model to new inputs.

import type { AnyModel, ArrayOfNumbers, Check, Model, OptionChecks, Tensor, Tree, TypedArray } from '@sinapse/core';
import {
  activeBackend,
  check,
  checkOptions,
  formatShape,
  isTensor,
  leavesOf,
  mapTree,
  pairTrees,
  sameShape,
  scope,
  softmax,
  withBackend,
} from '@sinapse/core';
import { checkClassifyArguments, checkPredictArguments, isInputTree } from './arguments.ts';
import type { Batch, BatchArray, BatchOf, HostArray, IterateOptions } from './batch.ts';
import { checkInputs, isHostArray, toTensors } from './batch.ts';
import { callModel } from './call-model.ts';
import { TrainingError } from './errors.ts';
import type { Rows } from './sources/array-data.ts';
import { arraysOf } from './sources/array-data.ts';

/** Data to predict from: batches with inputs; targets, if there are any, are ignored. */
export interface InputSource<X = BatchArray> {
  iterate(options: IterateOptions): AsyncIterable<Pick<Batch<X>, 'x'>>;
}

/** One batch `[batch, ...]` of inputs: a tensor, which the caller keeps, an array with its shape, rows of numbers, or a typed array, one number for each input. */
export type Inputs = Tensor | HostArray | Rows | ArrayOfNumbers;

/** One batch in the form of what a model takes. In a list there are no rows, which would be the rows of one input. */
export type InputsOf<T, Leaf = Inputs> = T extends Tensor
  ? Leaf
  : T extends readonly unknown[]
    ? { readonly [Index in keyof T]: InputsOf<T[Index], Tensor | HostArray> }
    : { readonly [Name in keyof T]: InputsOf<T[Name]> };

/** Arrays in the form of what a model gives. */
export type HostArraysOf<T> = T extends Tensor ? HostArray : { readonly [Name in keyof T]: HostArraysOf<T[Name]> };

const TENSOR: Check = { expected: 'a tensor', accepts: isTensor };
const ARRAY: Check = { expected: 'an array with its shape', accepts: isHostArray };
const INPUT: Check = { expected: 'a tensor or { data, shape }', accepts: (value) => isTensor(value) || isHostArray(value) };

/** Returns the model's output as new handles, since the output may be x itself. The handles belong to the enclosing scope. */
function outputOf(model: AnyModel, x: unknown, tensorsOf: (x: unknown) => Tree<Tensor>): Tree<Tensor> {
  return scope(() => {
    const inputs = tensorsOf(x);
    const [first] = leavesOf<Tensor>('predict', inputs, TENSOR);
    return withBackend(first?.backend ?? activeBackend(), () =>
      mapTree('predict: the output', callModel(model, inputs), TENSOR, (y: Tensor) => y.alias()),
    );
  });
}

/** The tensors of one batch that was given itself: here a list of arrays is a list of inputs. Rows of numbers become arrays, as in `train`. */
function inputTensors(owner: string, x: unknown): Tree<Tensor> {
  const inputs = isInputTree(x) ? x : arraysOf(`${owner}: x`, x, 'x');
  return mapTree(`${owner}: x`, inputs, INPUT, (input: Tensor | HostArray) => toTensors(input) as Tensor);
}

/** Issues the reads of tensors and disposes of them. The reads still give the values of this moment. */
async function readAndRelease(tensors: Tree<Tensor>): Promise<Tree<HostArray>> {
  const reads: Promise<unknown>[] = [];
  const arrays = new Map<Tensor, HostArray>();
  mapTree('predict', tensors, TENSOR, (tensor: Tensor) => {
    const { shape } = tensor;
    reads.push(tensor.data().then((data) => arrays.set(tensor, { data, shape })));
    tensor.dispose();
  });
  await Promise.all(reads);
  return mapTree('predict', tensors, TENSOR, (tensor: Tensor) => arrays.get(tensor)!);
}

/**
 * Returns the model's output, unchanged: logits for most classifiers. NaN and infinities are returned, too.
 * @param x one batch `[batch, ...]`, as a tensor, which the caller keeps, as an array with its shape, or as `train` takes it: rows of numbers, which become
 *   float32, or a typed array of one number for each input; for a model of several inputs a list of tensors and arrays with their shapes, or an
 *   object; or a source of batches `{ x }`, whose outputs are joined in order
 * @returns arrays in the form of the model's output
 * @throws TrainingError when an argument is none of these, the data is empty, rows differ in length or hold NaN, or two batches give outputs of
 *   different shapes
 */
export async function predict<In = Tensor, Out = Tensor>(
  model: Model<In, Out>,
  x: NoInfer<InputsOf<In> | InputSource<BatchOf<In>>>,
): Promise<HostArraysOf<Out>> {
  checkPredictArguments(model, x);
  if (!isSource(x)) return (await readAndRelease(outputOf(model, x, (inputs) => inputTensors('predict', inputs)))) as HostArraysOf<Out>;
  const outputs: Tree<HostArray>[] = [];
  for await (const batch of x.iterate({ epoch: 1 })) {
    checkInputs(batch?.x, `predict: batch ${outputs.length + 1}`);
    outputs.push(await readAndRelease(outputOf(model, batch.x, toTensors)));
  }
  return joinedTrees(outputs) as HostArraysOf<Out>;
}

function isSource(x: unknown): x is InputSource<unknown> {
  return typeof (x as InputSource).iterate === 'function';
}

/** Joins the outputs of all batches, array by array. */
function joinedTrees(outputs: readonly Tree<HostArray>[]): Tree<HostArray> {
  const [first] = outputs;
  if (first === undefined) throw new TrainingError('predict: the data is empty');
  const parts = new Map<HostArray, HostArray[]>();
  for (const output of outputs)
    pairTrees<HostArray, HostArray>('predict: the output', first, ARRAY, output, ARRAY, (key, array) => {
      parts.set(key, [...(parts.get(key) ?? []), array]);
    });
  return mapTree('predict', first, ARRAY, (key: HostArray) => joined(parts.get(key)!));
}

/** Joins arrays along the batch axis. */
function joined(outputs: readonly HostArray[]): HostArray {
  const first = outputs[0]!;
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
 * @param x `[batch, ...]`, as a tensor, which the caller keeps, as an array with its shape, or rows of numbers
 * @returns one list for each input
 * @throws TrainingError when the model's output is not `[batch, classes]` or gives NaN, or the number of labels is not the number of classes
 */
export async function classify(model: Model, x: Inputs, options: ClassifyOptions = {}): Promise<ClassProbability[][]> {
  checkClassifyArguments(model, x);
  checkOptions('classify', options, CLASSIFY);
  const { top = 5, labels, output: kind = 'logits' } = options;
  const { data, shape } = (await readAndRelease(
    scope(() => {
      const y = outputOf(model, x, (inputs) => inputTensors('classify', inputs));
      if (!isTensor(y) || y.shape.length !== 2) {
        const got = isTensor(y) ? formatShape(y.shape) : 'several tensors';
        throw new TrainingError(`classify: the model's output must be [batch, classes], got ${got}`);
      }
      return kind === 'logits' ? softmax(y) : y;
    }),
  )) as HostArray;
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
