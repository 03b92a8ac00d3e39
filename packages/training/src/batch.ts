// A batch as the data source gives it, checked here before its arrays become tensors.

import type { DType, Tensor, Tree, TypedArray } from '@sinapse/core';
import { formatShape, hostArray, isFloat, isTensor, nearestName, shown, shownName, sizeOf, stack, tensor } from '@sinapse/core';
import { TrainingError } from './errors.ts';

/** Values in row-major order, with their shape. */
export interface HostArray {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  /** If absent, it follows from the data: float32 of a Float32Array, int32 of an Int32Array, uint8 of a Uint8Array. */
  readonly dtype?: DType;
}

/** An array of a batch: on the host, a tensor, or a tensor for each example, which are stacked. The source keeps its tensors. */
export type BatchArray = HostArray | Tensor | readonly Tensor[];

/** Arrays of a batch in lists and plain objects, for models of several inputs or outputs. A list of tensors alone is one array: they are stacked. */
type BatchTree = BatchArray | readonly BatchTree[] | { readonly [name: string]: BatchTree };

/** Arrays in the form of what a model takes, or of its target. In a list they are no bare tensors, which would be stacked. */
export type BatchOf<T, Leaf = BatchArray> = T extends Tensor
  ? Leaf
  : T extends readonly unknown[]
    ? { readonly [Index in keyof T]: BatchOf<T[Index], Exclude<BatchArray, Tensor>> }
    : { readonly [Name in keyof T]: BatchOf<T[Name]> };

/**
 * Some examples: inputs `x` and targets `y`, both `[batch, ...]`, or objects and lists of such arrays. Class numbers are integers `[batch]`, e.g. an
 * Int32Array.
 */
export interface Batch<X = BatchArray, Y = X> {
  readonly x: X;
  readonly y: Y;
  /** How much each example counts in the loss: numbers >= 0, `[batch]`. Default 1 for all. */
  readonly weight?: BatchArray;
}

export interface IterateOptions {
  /** The number of this pass over the data, from 1. The order of a shuffle depends on it. */
  readonly epoch: number;
  /** How many batches to leave out at the start, because a resumed training has seen them. The others stay the same. */
  readonly skip?: number;
  /** Aborted when no more batches are wanted. */
  readonly signal?: AbortSignal;
}

/** Gives batches. A training resumes exactly only if the same epoch gives the same batches in the same order. */
export interface BatchSource<X = BatchArray, Y = BatchArray> {
  /** The number of batches in an epoch; undefined if it is not known beforehand. */
  readonly length?: number | undefined;
  iterate(options: IterateOptions): AsyncIterable<Batch<X, Y>>;
}

/** A checked batch. Class numbers are on the host, where they can be checked. */
export interface CheckedBatch extends Omit<Batch<BatchTree>, 'weight'> {
  readonly examples: number;
  readonly weight?: HostArray;
}

/** A checked batch for a step of the caller's. */
export interface StepCheckedBatch {
  readonly x: unknown;
  readonly y: unknown;
  readonly examples: number;
}

/**
 * Checks a batch for a step of the caller's and counts its examples. The targets may be absent.
 * @throws TrainingError as `checkBatch`
 */
export function checkStepBatch(batch: unknown, at: string): StepCheckedBatch {
  const { x, y } = checkRecord(batch, ['x', 'y'], at);
  return { x, y, examples: checkExamples(y === undefined ? { x } : { x, y }, at) };
}

function checkRecord(batch: unknown, fields: readonly string[], at: string): Partial<Batch<unknown>> {
  if (typeof batch !== 'object' || batch === null) throw new TrainingError(`${at}: expected a batch, { x, y }, got ${shown(batch)}`);
  checkFields(batch, fields, at);
  return batch;
}

/** The fields of a batch for a loss, and of all examples. */
export const FIELDS: readonly string[] = ['x', 'y', 'weight'];

/** @throws TrainingError when a field of a batch, or of all examples, is none of those that are read */
export function checkFields(batch: object, fields: readonly string[], at: string): void {
  for (const [field, value] of Object.entries(batch)) {
    if (value === undefined || fields.includes(field)) continue;
    const [name, nearest] = [shownName(field), nearestName(field, fields)];
    const right = nearest === undefined ? `further inputs go into x: { x: [x, ${name}], y }` : `did you mean ${nearest}?`;
    throw new TrainingError(`${at}: nothing reads the field ${name} of the batch; ${right}`);
  }
}

/** The number of examples in all arrays of some members. */
function checkExamples(members: object, at: string): number {
  const arrays = Object.entries(members).flatMap(([name, member]) => checkTree(member, name, at));
  const [first] = arrays;
  for (const { name, examples } of arrays)
    if (examples !== first!.examples)
      throw new TrainingError(`${at}: ${first!.name} has ${first!.examples} examples, ${name} has ${examples}`);
  const { examples } = first!;
  if (examples === 0) throw new TrainingError(`${at}: the batch is empty`);
  return examples;
}

/**
 * Checks a batch and counts its examples. Targets that are a tensor of integers, and weights that are a tensor, are read.
 * @param at the position in the training, for the message, e.g. `epoch 1, step 3`
 * @throws TrainingError when there are no examples, when x and y have different numbers of them, when an array does not fill its shape, or when there is a
 *   field that nothing reads
 */
export function checkBatch(batch: Batch<unknown>, at: string): CheckedBatch | Promise<CheckedBatch> {
  const { x, y, weight: given } = checkRecord(batch, FIELDS, at) as Batch<BatchTree>;
  const examples = checkExamples(given === undefined ? { x, y } : { x, y, weight: given }, at);
  const reads: Promise<unknown>[] = [];
  let weight: HostArray | undefined;
  if (isHostArray(given)) weight = given;
  else if (given !== undefined) reads.push(onHost(given).then((read) => (weight = read)));
  const targets = new Map<BatchArray, HostArray>();
  mapBatch(y, (array) => {
    if (isHostArray(array) || isFloat((isTensor(array) ? array : array[0]!).dtype)) return;
    reads.push(onHost(array).then((read) => targets.set(array, read)));
  });
  const checked = (): CheckedBatch => {
    if (weight !== undefined) checkWeight(weight, at);
    const targetsRead = reads.length === 0 ? y : mapBatch<BatchArray>(y, (array) => targets.get(array) ?? array);
    return { x, y: targetsRead, examples, ...(weight && { weight }) };
  };
  return reads.length === 0 ? checked() : Promise.all(reads).then(checked);
}

/** @throws TrainingError unless all weights are numbers >= 0 */
function checkWeight({ data, shape }: HostArray, at: string): void {
  const wrong = data.findIndex((value) => !(value >= 0 && value < Infinity));
  if (wrong < 0) return;
  const example = Math.floor(wrong / (sizeOf(shape.slice(1)) || 1));
  throw new TrainingError(`${at}: weight ${data[wrong]} of example ${example}: expected a number >= 0`);
}

export function isBatchArray(value: unknown): value is BatchArray {
  return isTensor(value) || isHostArray(value) || (Array.isArray(value) && value.length > 0 && value.every(isTensor));
}

/** Whether a value is a list or an object of arrays, rather than an array that is wrong. */
function isNode(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || 'data' in value || 'shape' in value) return false;
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => isBatchArray(item) || isNode(item));
  return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length > 0;
}

/** The deepest nesting of arrays in a batch. */
const DEEPEST = 16;

/** The arrays in a tree, with their names and numbers of examples. */
function checkTree(tree: unknown, name: string, at: string, depth = 0): { readonly name: string; readonly examples: number }[] {
  if (isBatchArray(tree) || !isNode(tree) || depth === DEEPEST) return [{ name, examples: checkArray(tree, name, at) }];
  return Object.entries(tree).flatMap(([member, value]) => checkTree(value, `${name}.${shownName(member)}`, at, depth + 1));
}

/** The examples of the inputs of a batch. @throws TrainingError as `checkBatch` */
export function checkInputs(x: unknown, at: string): void {
  checkTree(x, 'x', at);
}

/** Replaces each array of a tree that was checked. */
function mapBatch<R>(tree: BatchTree, map: (array: BatchArray) => R): Tree<R> {
  if (isBatchArray(tree)) return map(tree);
  if (Array.isArray(tree)) return (tree as readonly BatchTree[]).map((item) => mapBatch(item, map));
  return Object.fromEntries(Object.entries(tree).map(([name, item]) => [name, mapBatch(item, map)]));
}

/** Makes tensors of the arrays of a batch, in their form. */
export function toTensors(tree: unknown): Tree<Tensor> {
  return mapBatch(tree as BatchTree, toTensor);
}

/** Reads targets or weights from their device. */
async function onHost(y: Tensor | readonly Tensor[]): Promise<HostArray> {
  const { dtype, shape } = isTensor(y) ? y : y[0]!;
  if (isTensor(y)) return { data: await y.data(), shape, dtype };
  const rows = await Promise.all(y.map((target) => target.data()));
  const data = hostArray(dtype, y.length * sizeOf(shape));
  rows.forEach((row, i) => data.set(row, i * sizeOf(shape)));
  return { data, shape: [y.length, ...shape], dtype };
}

/**
 * Returns the number of examples in an array.
 * @throws TrainingError unless it has a batch axis and fills its shape
 */
function checkArray(array: unknown, name: string, at: string): number {
  if (isBatchArray(array) && Array.isArray(array)) return array.length;
  if (!isTensor(array) && !isHostArray(array))
    throw new TrainingError(
      `${at}: ${name}: expected a tensor, or { data, shape } with a Float32Array, Int32Array or Uint8Array, got ${shown(array)}; Dataset.from(examples).batch(size) makes such batches`,
    );
  const { shape } = array;
  if (shape.length === 0)
    throw new TrainingError(`${at}: ${name} has no batch axis; its shape must be [batch, ...] (a dataset of examples needs .batch(size))`);
  if (isHostArray(array) && array.data.length !== sizeOf(shape))
    throw new TrainingError(`${at}: ${name} has ${array.data.length} values, its shape ${formatShape(shape)} needs ${sizeOf(shape)}`);
  return shape[0]!;
}

export function isHostArray(value: unknown): value is HostArray {
  return (
    typeof value === 'object' &&
    value !== null &&
    'data' in value &&
    ArrayBuffer.isView(value.data) &&
    'shape' in value &&
    Array.isArray(value.shape)
  );
}

/** Makes a tensor of a batch's array on the backend in use. A tensor becomes another handle to the same values. */
export function toTensor(array: BatchArray): Tensor {
  if (isTensor(array)) return array.alias();
  if (!isHostArray(array)) return stack(array);
  const { data, shape, dtype } = array;
  return tensor(data, { shape, ...(dtype && { dtype }) });
}
