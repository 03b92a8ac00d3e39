// A batch as the data source gives it: arrays on the host, which are checked here before they become tensors.

import type { Tensor, TypedArray } from '@sinapse/core';
import { formatShape, shown, sizeOf, tensor } from '@sinapse/core';
import { TrainingError } from './errors.ts';

/** Values in row-major order, with their shape. A Float32Array is float32, an Int32Array int32, a Uint8Array uint8. */
export interface HostArray {
  readonly data: TypedArray;
  readonly shape: readonly number[];
}

/** Some examples: inputs `x` and targets `y`, both `[batch, ...]`. Class numbers are an Int32Array `[batch]`. */
export interface Batch {
  readonly x: HostArray;
  readonly y: HostArray;
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

/**
 * Checks a batch and returns its number of examples.
 * @param at the position in the training, for the message, e.g. `epoch 1, step 3`
 * @throws TrainingError when there are no examples, when x and y have different numbers of them, or when an array does not fill its shape
 */
export function checkBatch(batch: Batch, at: string): number {
  if (typeof batch !== 'object' || batch === null) throw new TrainingError(`${at}: expected a batch, { x, y }, got ${shown(batch)}`);
  const { x, y } = batch;
  for (const [name, array] of [
    ['x', x],
    ['y', y],
  ] as const) {
    if (!isHostArray(array))
      throw new TrainingError(
        `${at}: ${name}: expected { data, shape }, with a Float32Array, Int32Array or Uint8Array, got ${shown(array)}`,
      );
    const { data, shape } = array;
    if (shape.length === 0)
      throw new TrainingError(
        `${at}: ${name} has no batch axis; its shape must be [batch, ...] (a dataset of examples needs .batch(size))`,
      );
    if (data.length !== sizeOf(shape))
      throw new TrainingError(`${at}: ${name} has ${data.length} values, its shape ${formatShape(shape)} needs ${sizeOf(shape)}`);
  }
  const examples = x.shape[0]!;
  if (examples !== y.shape[0]) throw new TrainingError(`${at}: x has ${examples} examples, y has ${y.shape[0]}`);
  if (examples === 0) throw new TrainingError(`${at}: the batch is empty`);
  return examples;
}

function isHostArray(value: unknown): value is HostArray {
  return (
    typeof value === 'object' &&
    value !== null &&
    'data' in value &&
    ArrayBuffer.isView(value.data) &&
    'shape' in value &&
    Array.isArray(value.shape)
  );
}

/** Makes a tensor of a batch's array on the backend in use. */
export function toTensor({ data, shape }: HostArray): Tensor {
  return tensor(data, { shape });
}
