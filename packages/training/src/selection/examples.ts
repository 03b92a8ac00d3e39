// All examples of a data set in memory, so that some of them can be picked by number: for folds, for samples of different sizes, for permutations.

import type { Check, RandomKey, Tensor, Tree, TypedArray } from '@sinapse/core';
import { hostPermutation, isTensor, mapTree, sizeOf } from '@sinapse/core';
import type { Batch, BatchArray, BatchSource, HostArray } from '../batch.ts';
import { checkBatch, isHostArray } from '../batch.ts';
import { TrainingError } from '../errors.ts';

/** All examples: as one batch, `{ x, y }` of arrays `[examples, …]`, or as a source of batches, which is read once. */
export type Examples<X = BatchArray, Y = BatchArray> = Batch<X, Y> | BatchSource<X, Y>;

const EXAMPLES_EXPECTED = '{ x, y } with arrays of all examples, or a source of batches, e.g. dataset.batch(32)';

/** The check of examples, for callers without TypeScript. */
export const EXAMPLES: Check = {
  expected: EXAMPLES_EXPECTED,
  accepts: (value) => typeof value === 'object' && value !== null && (isSource(value) || ('x' in value && 'y' in value)),
};

function isSource(data: unknown): data is BatchSource<unknown, unknown> {
  return typeof (data as Partial<BatchSource>).iterate === 'function';
}

const ARRAY: Check = {
  expected: 'an array of a batch',
  accepts: (value) => isHostArray(value) || isTensor(value) || (Array.isArray(value) && value.length > 0 && value.every(isTensor)),
};

/** The members of a batch: `x`, `y`, … with their arrays. */
type Members = Readonly<Record<string, Tree<HostArray>>>;

export class ExampleTable {
  readonly count: number;
  readonly members: Members;

  constructor(members: Members, count: number) {
    this.members = members;
    this.count = count;
  }

  /** The examples of these numbers, in their order. */
  take(rows: ArrayLike<number>): Batch<Tree<HostArray>> {
    const taken = mapTree<HostArray, HostArray>('examples', this.members, HOST, (array) => takeRows(array, rows));
    return taken as unknown as Batch<Tree<HostArray>>;
  }

  /**
   * A source of batches of the examples of these numbers.
   * @param key of the shuffles, another order in each epoch; without it, they come in their order
   */
  batches(rows: ArrayLike<number>, batchSize: number, key?: RandomKey): BatchSource<Tree<HostArray>, Tree<HostArray>> {
    const batch = (order: readonly number[], first: number) => this.take(order.slice(first, first + batchSize));
    return {
      length: Math.ceil(rows.length / batchSize),
      async *iterate({ epoch, skip = 0 }) {
        const order = key === undefined ? Array.from(rows) : shuffled(rows, key.fold(epoch));
        for (let first = skip * batchSize; first < rows.length; first += batchSize) yield batch(order, first);
      },
    };
  }

  /**
   * The class numbers of all examples.
   * @param needs what needs them, for the message: `crossValidate: stratify needs`
   * @throws TrainingError unless the target is one array of integers, one for each example
   */
  labels(needs: string): Int32Array {
    const { y } = this.members;
    if (!isHostArray(y) || y.shape.length !== 1 || isFloatArray(y.data))
      throw new TrainingError(`${needs} class numbers as targets, one integer for each example`);
    return Int32Array.from(y.data as ArrayLike<number>);
  }
}

function isFloatArray(data: TypedArray): boolean {
  return data instanceof Float32Array || data instanceof Float64Array;
}

const HOST: Check = { expected: 'an array', accepts: isHostArray };

/** Rows in a random order, which depends only on the key. */
export function shuffled(rows: ArrayLike<number>, key: RandomKey): number[] {
  return Array.from(hostPermutation(key, rows.length), (i) => rows[i]!);
}

function takeRows({ data, shape, dtype }: HostArray, rows: ArrayLike<number>): HostArray {
  const size = sizeOf(shape.slice(1));
  const taken = new (data.constructor as new (length: number) => TypedArray)(rows.length * size);
  for (let i = 0; i < rows.length; i++) taken.set(data.subarray(rows[i]! * size, (rows[i]! + 1) * size), i * size);
  return { data: taken, shape: [rows.length, ...shape.slice(1)], ...(dtype && { dtype }) };
}

/**
 * Brings all examples to the host.
 * @throws TrainingError when there are none, or a batch is invalid or differs from the first in form or shape
 */
export async function exampleTable(owner: string, data: Examples<unknown, unknown>): Promise<ExampleTable> {
  const parts: ExampleTable[] = [];
  if (!isSource(data)) parts.push(await tableOf(data, `${owner}: the data`));
  else for await (const batch of data.iterate({ epoch: 1 })) parts.push(await tableOf(batch, `${owner}: batch ${parts.length + 1}`));
  const [first] = parts;
  if (first === undefined) throw new TrainingError(`${owner}: the data is empty`);
  if (parts.length === 1) return first;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const columns = parts.map(({ members }) => arraysByPath(members));
  const members = mapTree<HostArray, HostArray>(owner, first.members, HOST, (_, path) =>
    joined(
      owner,
      path,
      columns.map((column) => column.get(path)),
    ),
  );
  return new ExampleTable(members as Members, count);
}

async function tableOf(batch: Batch<unknown>, at: string): Promise<ExampleTable> {
  const { examples, ...arrays } = await checkBatch(batch, at);
  const reads: Promise<unknown>[] = [];
  const read = new Map<unknown, HostArray>();
  const visit = (array: BatchArray): BatchArray => {
    if (!isHostArray(array)) reads.push(onHost(array).then((values) => read.set(array, values)));
    return array;
  };
  const visited = mapTree<BatchArray, BatchArray>(at, arrays, ARRAY, visit);
  await Promise.all(reads);
  const members = mapTree<BatchArray, HostArray>(at, visited, ARRAY, (array) => (isHostArray(array) ? array : read.get(array)!));
  return new ExampleTable(members as Members, examples);
}

/** Reads a tensor, or a tensor for each example, from its device. */
async function onHost(array: Tensor | readonly Tensor[]): Promise<HostArray> {
  if (isTensor(array)) return { data: await array.data(), shape: array.shape, dtype: array.dtype };
  const rows = await Promise.all(array.map(async (row) => ({ data: await row.data(), shape: [1, ...row.shape], dtype: row.dtype })));
  return joined('examples', 'x', rows);
}

function arraysByPath(members: Members): Map<string, HostArray> {
  const found = new Map<string, HostArray>();
  mapTree<HostArray, void>('examples', members, HOST, (array, path) => void found.set(path, array));
  return found;
}

/** Joins arrays along the axis of examples. */
function joined(owner: string, path: string, parts: readonly (HostArray | undefined)[]): HostArray {
  const { data: first, shape, dtype } = parts[0]!;
  const wrong = parts.findIndex((part) => part === undefined || String(part.shape.slice(1)) !== String(shape.slice(1)));
  if (wrong >= 0) throw new TrainingError(`${owner}: batch ${wrong + 1}: ${path}: its examples have another shape than those of batch 1`);
  const arrays = parts as readonly HostArray[];
  const data = new (first.constructor as new (length: number) => TypedArray)(arrays.reduce((sum, part) => sum + part.data.length, 0));
  arrays.reduce((at, part) => (data.set(part.data, at), at + part.data.length), 0);
  return { data, shape: [arrays.reduce((sum, part) => sum + part.shape[0]!, 0), ...shape.slice(1)], ...(dtype && { dtype }) };
}
