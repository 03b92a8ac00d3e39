// Arrays with a dtype and a shape, by name: every format of this package reads and writes these.

import { FormatError } from './format-error.ts';

/** The element types that files hold. */
export type NamedArrayDtype =
  'float64' | 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint64' | 'uint32' | 'uint16' | 'uint8' | 'bool';

/** The host arrays that carry the elements. */
export type TypedArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** An array as a file holds it: row-major and dense. */
export interface NamedArray {
  readonly dtype: NamedArrayDtype;
  /** One size per axis; `[]` is a scalar, and an axis of size 0 makes an array without elements. */
  readonly shape: readonly number[];
  /** The typed array named after the dtype; float16 and bfloat16 are bits in a Uint16Array, bool is 0 and 1 in a Uint8Array. */
  readonly data: TypedArray;
}

/** A class of typed arrays. */
export interface TypedArrayConstructor {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): TypedArray;
}

/** The typed array that carries each dtype. */
export const ARRAY_TYPES: Readonly<Record<NamedArrayDtype, TypedArrayConstructor>> = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/**
 * Bytes of an array whose sizes are non-negative safe integers; undefined past 2^53 - 1. That test counts axes of size 0 as 1, as
 * NumPy does, so a product of only some of the axes is safe too.
 */
export function byteLength(dtype: NamedArrayDtype, shape: readonly number[]): number | undefined {
  let bytes = ARRAY_TYPES[dtype].BYTES_PER_ELEMENT;
  for (const size of shape) {
    bytes *= Math.max(size, 1);
    if (!Number.isSafeInteger(bytes)) return undefined;
  }
  return shape.includes(0) ? 0 : bytes;
}

/** Whether a value, from a caller without type checks, is one of the dtypes. */
export function isDtype(value: unknown): value is NamedArrayDtype {
  return typeof value === 'string' && Object.hasOwn(ARRAY_TYPES, value);
}

/** Throws on a big-endian machine: files are little endian, typed arrays have the machine's order, and silently wrong weights would be worse. */
export function checkByteOrder(label: string): void {
  const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (!littleEndian) throw new FormatError(`${label}: this machine is big endian, the format is little endian`);
}
