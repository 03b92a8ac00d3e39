// The default collation: several examples of one form become one batch of arrays on the host, field by field.

import type { DType, Tensor, TypedArray } from '@sinapse/core';
import { SinapseError, arrayKind, dtypeOfArray, formatShape, hostArray, sameShape, shown, sizeOf } from '@sinapse/core';

/** Values in row-major order, with their shape, on the host. */
export interface HostArray {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  /** If absent, it follows from the data: float32 of a Float32Array, int32 of an Int32Array, uint8 of a Uint8Array. */
  readonly dtype?: DType;
}

/** What the default collation makes of examples `T`. */
export type Collated<T> = T extends string
  ? string[]
  : T extends Tensor
    ? Tensor[]
    : T extends number | boolean | ArrayBufferView | HostArray | readonly unknown[]
      ? HostArray
      : T extends object
        ? { [Key in keyof T]: Collated<T[Key]> }
        : unknown;

type Kind = 'number' | 'boolean' | 'string' | 'tensor' | 'host array' | 'typed array' | 'array' | 'record';

/**
 * Makes a batch of examples. A batch axis is added in front of the shape of one example.
 *
 * - Numbers become int32 if all of the batch are whole, as class numbers are, otherwise float32; booleans become bool.
 * - Nested arrays of numbers become float32, of booleans bool.
 * - Typed arrays and host arrays `{ data, shape }` keep their type; float64 becomes float32, and bytes of a canvas uint8.
 * - Tensors become a list, which `fit` stacks in the scope of its step; in a loop of your own, use core's `stack`. Texts become a list, too.
 * - Records become one record, its members collated by these rules.
 * @throws SinapseError when an example differs in form or shape from the first, or has none of these forms; it names the member and the
 *   example's place in the batch
 */
export function collate(examples: readonly unknown[], name = ''): unknown {
  const kind = kindOf(examples[0]);
  if (kind === undefined) throw mistake(name, `example 0 is ${shown(examples[0])}, which has no default collation`);
  examples.forEach((example, i) => {
    if (kindOf(example) !== kind) throw mistake(name, `example ${i} is ${shown(example)}, example 0 ${shown(examples[0])}`);
  });
  switch (kind) {
    case 'number':
      return { data: numbers(examples as readonly number[]), shape: [examples.length] };
    case 'boolean':
      return { data: Uint8Array.from(examples, Number), shape: [examples.length], dtype: 'bool' };
    case 'string':
      return [...examples];
    case 'tensor':
      checkShapes(examples as readonly Tensor[], name);
      return [...examples];
    case 'record':
      return collateRecords(examples as readonly Readonly<Record<string, unknown>>[], name);
    case 'host array':
      return joined(examples as readonly HostArray[], name);
    case 'typed array':
      return joined((examples as readonly TypedArray[]).map((data) => ({ data, shape: [data.length] })), name); // prettier-ignore
    case 'array':
      return joined(examples.map((example, i) => flat(example as readonly unknown[], name, i)), name); // prettier-ignore
  }
}

function kindOf(value: unknown): Kind | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return typeof value as Kind;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return 'array';
  if (ArrayBuffer.isView(value)) return 'typed array';
  if ('dtype' in value && 'shape' in value && 'backend' in value) return 'tensor'; // without core's isTensor, which brings every op along
  if ('data' in value && ArrayBuffer.isView(value.data) && 'shape' in value && Array.isArray(value.shape)) return 'host array';
  return Object.keys(value).length > 0 && !('then' in value) ? 'record' : undefined;
}

/** Whole numbers of 32 bits as int32, others as float32. */
function numbers(values: readonly number[]): TypedArray {
  return values.every((value) => (value | 0) === value) ? Int32Array.from(values) : Float32Array.from(values);
}

function collateRecords(records: readonly Readonly<Record<string, unknown>>[], name: string): Record<string, unknown> {
  const keys = Object.keys(records[0]!);
  records.forEach((record, i) => {
    const own = Object.keys(record);
    if (own.length !== keys.length || !keys.every((key) => Object.hasOwn(record, key)))
      throw mistake(name, `example ${i} has ${own.join(', ') || 'nothing'}, example 0 has ${keys.join(', ') || 'nothing'}`);
  });
  return Object.fromEntries(
    keys.map((key) => [
      key,
      collate(
        records.map((record) => record[key]),
        name === '' ? key : `${name}.${key}`,
      ),
    ]),
  );
}

/** Joins arrays of one shape and type. */
function joined(arrays: readonly HostArray[], name: string): HostArray {
  checkShapes(arrays, name);
  const { shape, dtype } = arrays[0]!;
  const size = sizeOf(shape);
  const data = storageFor(arrays[0]!.data, size * arrays.length, name);
  arrays.forEach((array, i) => {
    const [kind, first] = [array, arrays[0]!].map((each) => arrayKind(each.data));
    if (kind !== first || array.dtype !== dtype) throw mistake(name, `example ${i} is a ${kind}, example 0 a ${first}`);
    if (array.data.length !== size)
      throw mistake(name, `example ${i} has ${array.data.length} values, its shape ${formatShape(shape)} needs ${size}`);
    data.set(array.data, i * size);
  });
  return { data, shape: [arrays.length, ...shape], ...(dtype && { dtype }) };
}

/** An array for `size` values of the type of `data`. */
function storageFor(data: ArrayBufferView, size: number, name: string): TypedArray {
  const kind = arrayKind(data);
  const dtype = kind === 'Uint16Array' ? 'float16' : dtypeOfArray(data); // of 16 bits, whichever they are
  if (dtype === undefined) throw mistake(name, `a ${kind} has no default collation`);
  return hostArray(dtype, size);
}

/** The values of nested arrays, whose rows may be typed arrays. */
function flat(nested: readonly unknown[], name: string, example: number): HostArray {
  const shape: number[] = [];
  for (let level: unknown = nested; isRow(level); level = level[0]) shape.push(level.length);
  const values: (number | boolean)[] = [];
  const visit = (level: unknown, axis: number): void => {
    if (isRow(level)) {
      if (level.length !== shape[axis])
        throw mistake(
          name,
          `example ${example} is ragged: a row has ${level.length} items where ${shape[axis] ?? 'a number'} was expected`,
        );
      for (let i = 0; i < level.length; i++) visit(level[i], axis + 1);
    } else if (axis !== shape.length || (typeof level !== 'number' && typeof level !== 'boolean')) {
      throw mistake(name, `example ${example} holds ${shown(level)}; arrays hold numbers or booleans, in rows of one length`);
    } else values.push(level);
  };
  visit(nested, 0);
  const booleans = values.length > 0 && values.every((value) => typeof value === 'boolean');
  return booleans ? { data: Uint8Array.from(values, Number), shape, dtype: 'bool' } : { data: Float32Array.from(values, Number), shape };
}

function isRow(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function checkShapes(arrays: readonly { readonly shape: readonly number[] }[], name: string): void {
  const [{ shape: first }] = arrays as readonly [HostArray];
  const wrong = arrays.findIndex(({ shape }) => !sameShape(shape, first));
  if (wrong !== -1) throw mistake(name, `example ${wrong} has shape ${formatShape(arrays[wrong]!.shape)}, example 0 ${formatShape(first)}`);
}

function mistake(name: string, what: string): SinapseError {
  return new SinapseError(
    `batch: ${name === '' ? '' : `${name}: `}${what}; map the examples to one form, or pass .batch(size, { collate })`,
  );
}
