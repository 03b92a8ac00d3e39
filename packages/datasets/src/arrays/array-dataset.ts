// Examples that lie in arrays, one after the other along the first axis: tables, synthetic sets, recorded series.

import { SinapseError, check, arrayKind, checkValue, hostArray, shown, sizeOf } from '@sinapse/core';
import type { Check, TypedArray } from '@sinapse/core';
import { Dataset } from '../dataset.ts';
import type { HostArray } from '../pipeline/collate.ts';

/** Arrays by name, `[count, …]` with the same count, in which place i of each belongs to example i: `{ x, y }`. */
export type Arrays<A> = { readonly [Name in keyof A]: HostArray };

/** One example: a number from an array `[count]`, otherwise a view of its values with their shape. */
export type ArrayExample<A> = { readonly [Name in keyof A]: number | HostArray };

/** Several examples: each array with as many rows. */
export type ArrayBatch<A> = { readonly [Name in keyof A]: HostArray };

/**
 * The rows of arrays as a dataset. A batch is copied from the arrays at once, without an object for each example.
 * @throws SinapseError when an array does not fill its shape, or two have different numbers of rows
 * @example
 * const batches = arrayDataset(spirals({ count: 500 })).shuffle(1).batch(32);
 */
export function arrayDataset<A extends Arrays<A>>(arrays: A): Dataset<ArrayExample<A>, ArrayBatch<A>> {
  const count = checkArrays('arrayDataset', arrays);
  const fields = Object.entries<HostArray>(arrays).map(([name, { data, shape, dtype }]) => {
    const rest = shape.slice(1);
    return { name, data, rest, size: sizeOf(rest), extra: dtype && { dtype } };
  });
  return Dataset.from<ArrayExample<A>, ArrayBatch<A>>({
    length: count,
    get: (index) =>
      Object.fromEntries(
        fields.map(({ name, data, rest, size, extra }) => [
          name,
          rest.length === 0 && extra === undefined
            ? data[index]
            : { data: data.subarray(index * size, (index + 1) * size), shape: rest, ...extra },
        ]),
      ) as ArrayExample<A>,
    gather: (indices) =>
      Object.fromEntries(
        fields.map(({ name, data, rest, size, extra }) => [
          name,
          { data: rows(data, size, indices), shape: [indices.length, ...rest], ...extra },
        ]),
      ) as unknown as ArrayBatch<A>,
  });
}

/** Copies the rows of the given places. */
function rows(data: TypedArray, size: number, indices: Int32Array): TypedArray {
  const out = new (data.constructor as new (length: number) => TypedArray)(indices.length * size);
  if (size === 1) for (let i = 0; i < indices.length; i++) out[i] = data[indices[i]!]!;
  else for (let i = 0; i < indices.length; i++) out.set(data.subarray(indices[i]! * size, (indices[i]! + 1) * size), i * size);
  return out;
}

function checkArrays(owner: string, arrays: unknown): number {
  const given = typeof arrays === 'object' && arrays !== null && !Array.isArray(arrays) ? Object.entries(arrays) : [];
  if (given.length === 0) throw new SinapseError(`${owner}: expected arrays by name, e.g. { x, y }, got ${shown(arrays)}`);
  let first: { name: string; count: number } | undefined;
  for (const [name, array] of given) {
    if (!isHostArrayWithShape(array)) throw new SinapseError(`${owner}: ${name}: expected { data, shape }, got ${shown(array)}`);
    const [count] = array.shape;
    if (count === undefined) throw new SinapseError(`${owner}: ${name}: expected a shape [count, …], got []`);
    if (array.data.length !== sizeOf(array.shape))
      throw new SinapseError(`${owner}: ${name} has ${array.data.length} values, its shape [${array.shape.join(',')}] needs ${sizeOf(array.shape)}`); // prettier-ignore
    first ??= { name, count };
    if (count !== first.count) throw new SinapseError(`${owner}: ${first.name} has ${first.count} rows, ${name} has ${count}`);
  }
  return first!.count;
}

const ARRAYS: readonly string[] = ['Float32Array', 'Float64Array', 'Int32Array', 'Uint8Array', 'Uint16Array'];

function isHostArrayWithShape(value: unknown): value is HostArray {
  if (typeof value !== 'object' || value === null || !('data' in value) || !('shape' in value)) return false;
  return ARRAYS.includes(arrayKind(value.data) ?? '') && check.shape.accepts(value.shape);
}

const INDICES: Check = {
  expected: 'a list of places',
  accepts: (value) => typeof value === 'object' && value !== null && Symbol.iterator in value,
};

/**
 * The examples of the given places, in their order, in arrays of their own.
 * @throws SinapseError when the arrays do not fit together, or a place is out of range
 */
export function takeRows<A extends Arrays<A>>(arrays: A, indices: Iterable<number>): ArrayBatch<A> {
  const count = checkArrays('takeRows', arrays);
  checkValue('takeRows: indices', indices, INDICES);
  const places = Int32Array.from(indices);
  places.forEach((index) => checkValue('takeRows: index', index, check.integer(0, count - 1)));
  return Object.fromEntries(
    Object.entries<HostArray>(arrays).map(([name, array]) => {
      const rest = array.shape.slice(1);
      return [name, { ...array, data: rows(array.data, sizeOf(rest), places), shape: [places.length, ...rest] }];
    }),
  ) as unknown as ArrayBatch<A>;
}

/** Makes float32 values `[count, …]`, one example after the other. */
export function fillRows(count: number, shape: readonly number[], write: (row: Float32Array, index: number) => void): HostArray {
  const size = sizeOf(shape);
  const data = hostArray('float32', count * size) as Float32Array;
  for (let i = 0; i < count; i++) write(data.subarray(i * size, (i + 1) * size), i);
  return { data, shape: [count, ...shape] };
}
