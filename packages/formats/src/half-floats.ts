// Widens floats of 16 bits to float32, which holds each of them exactly. Bits are moved, not computed with, so that NaN keeps its payload.

import { checkArrayLike } from './arguments.ts';
import type { NamedArray } from './named-array.ts';

/**
 * An array of float16 or bfloat16 as float32: every value is exact, subnormal numbers, infinities and -0 too. Other arrays are returned as they are.
 */
export function widenHalves(array: NamedArray): NamedArray {
  checkArrayLike('widenHalves', array);
  const { dtype, shape, data } = array;
  if (dtype !== 'float16' && dtype !== 'bfloat16') return array;
  const widen = dtype === 'float16' ? widenFloat16 : widenBfloat16;
  return { dtype: 'float32', shape, data: widen(data as Uint16Array) };
}

/** A bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

/** A float16 has a sign, 5 bits of exponent (biased by 15) and 10 of mantissa (IEEE 754-2019, 3.6); float32 has 8 (by 127) and 23. */
function widenFloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  const floats = new Float32Array(bits.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const mantissa = half & 0x3ff;
    if (exponent === 0) floats[i] = (sign === 0 ? 1 : -1) * mantissa * 2 ** -24;
    else bits[i] = sign | ((exponent === 0x1f ? 0xff : exponent + 127 - 15) << 23) | (mantissa << 13);
  }
  return floats;
}
