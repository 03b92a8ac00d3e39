// The data types of tensor elements, and the typed arrays that carry them on the host.

import { asMemoryError } from './errors.ts';

/** float16 and bfloat16 exist only on backends that list them; the host holds their bits as uint16. */
export type DType = 'float32' | 'int32' | 'uint8' | 'bool' | 'float16' | 'bfloat16';

/** Host arrays of elements; bool is 0 and 1. Float64Array appears only in the float64 mode that tests use. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array;

type FloatDType = 'float32' | 'float16' | 'bfloat16';

/** The least and the largest value of each integer type. */
const RANGES: Readonly<Record<Exclude<DType, FloatDType>, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint8: [0, 255],
  bool: [0, 1],
};

/** Bytes of one element. */
export const BYTES: Readonly<Record<DType, number>> = { float32: 4, int32: 4, uint8: 1, bool: 1, float16: 2, bfloat16: 2 };

/** The host array of each type. */
export const ARRAYS: Readonly<Record<DType, new (size: number) => TypedArray>> = {
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
};

/** Whether values of this type have gradients. */
export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16';
}

/** Whether a type has half the bits of float32. */
export function isHalf(dtype: DType): boolean {
  return dtype === 'float16' || dtype === 'bfloat16';
}

/** Whether + - * / are defined on this type. uint8 and bool can only be stored and compared. */
export function isNumeric(dtype: DType): boolean {
  return dtype === 'int32' || isFloat(dtype);
}

/** Whether a type can hold a number: an integer type one in its range, bool 0 and 1, a float type any. */
export function isValueOf(dtype: DType, value: number): boolean {
  if (isFloat(dtype)) return true;
  const [least, most] = RANGES[dtype];
  return Number.isInteger(value) && value >= least && value <= most;
}

/** A number converted to a type. Integer types truncate towards zero, clamp, and make NaN 0; bool makes all but 0 1; floats change nothing. */
export function asValueOf(dtype: DType, value: number): number {
  if (isFloat(dtype)) return value;
  if (dtype === 'bool') return value === 0 ? 0 : 1;
  const [least, most] = RANGES[dtype];
  return Number.isNaN(value) ? 0 : Math.max(least, Math.min(most, Math.trunc(value))) + 0; // + 0 turns -0 into 0
}

/**
 * A zeroed host array of a type.
 * @throws OutOfMemoryError when the JavaScript engine gives no memory for it
 */
export function hostArray(dtype: DType, size: number): TypedArray {
  try {
    return new ARRAYS[dtype](size);
  } catch (error) {
    throw asMemoryError(error, `an array of ${size} ${dtype} values`, size * BYTES[dtype]);
  }
}

/** int32 0, step, 2 step, … */
export function hostRange(count: number, step = 1): TypedArray {
  const data = hostArray('int32', count);
  for (let i = 0; i < count; i++) data[i] = i * step;
  return data;
}
