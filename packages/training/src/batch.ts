// A batch as the data source gives it, checked here before its arrays become tensors.

import type { DType, Tensor, TypedArray } from '@sinapse/core';
import { formatShape, hostArray, isFloat, isTensor, shown, sizeOf, stack, tensor } from '@sinapse/core';
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

/** Some examples: inputs `x` and targets `y`, both `[batch, ...]`. Class numbers are integers `[batch]`, e.g. an Int32Array. */
export interface Batch<A extends BatchArray = BatchArray> {
  readonly x: A;
  readonly y: A;
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
export interface BatchSource {
  /** The number of batches in an epoch; undefined if it is not known beforehand. */
  readonly length?: number | undefined;
  iterate(options: IterateOptions): AsyncIterable<Batch>;
}

/** A checked batch. Class numbers are on the host, where they can be checked. */
export interface CheckedBatch extends Batch {
  readonly examples: number;
}

/**
 * Checks a batch and counts its examples. If the targets are a tensor of integers, it reads them.
 * @param at the position in the training, for the message, e.g. `epoch 1, step 3`
 * @throws TrainingError when there are no examples, when x and y have different numbers of them, or when an array does not fill its shape
 */
export function checkBatch(batch: Batch, at: string): CheckedBatch | Promise<CheckedBatch> {
  if (typeof batch !== 'object' || batch === null) throw new TrainingError(`${at}: expected a batch, { x, y }, got ${shown(batch)}`);
  const { x, y } = batch;
  const [examples, targets] = [checkArray(x, 'x', at), checkArray(y, 'y', at)];
  if (examples !== targets) throw new TrainingError(`${at}: x has ${examples} examples, y has ${targets}`);
  if (examples === 0) throw new TrainingError(`${at}: the batch is empty`);
  if (isHostArray(y) || isFloat((isTensor(y) ? y : y[0]!).dtype)) return { x, y, examples };
  return readTargets(y).then((read) => ({ x, y: read, examples }));
}

/** Reads targets of integers from their device. */
async function readTargets(y: Tensor | readonly Tensor[]): Promise<HostArray> {
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
export function checkArray(array: BatchArray, name: string, at: string): number {
  if (Array.isArray(array) && array.length > 0 && array.every(isTensor)) return array.length;
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
