// Brings the floats of a file to float32, the dtype of weights here.

import type { NamedArray } from '@sinapse/formats';
import { widenHalves } from '@sinapse/formats';

/**
 * An array of float16, bfloat16 or float64 as float32; others, and float64 with a value past the range of float32, are returned as they are.
 * Halves are exact, float64 (what NumPy makes unless it is told otherwise) is rounded to the nearest.
 */
export function asFloat32(array: NamedArray): NamedArray {
  if (array.dtype !== 'float64') return widenHalves(array);
  const wide = array.data as Float64Array;
  const data = Float32Array.from(wide);
  const overflows = data.some((value, i) => Math.abs(value) === Infinity && Math.abs(wide[i]!) !== Infinity);
  return overflows ? array : { dtype: 'float32', shape: array.shape, data };
}
