// Numbers as 32-bit words, as storages and parameters hold them. Every element of a tensor takes one word, whatever its dtype.

import type { DType } from '@sinapse/core';

const word = new DataView(new ArrayBuffer(4));

/** The word of a float32. */
export function floatBits(value: number): number {
  word.setFloat32(0, value);
  return word.getUint32(0);
}

/** The word of a number converted to a dtype as `fill` does: an integer is rounded towards zero and clamped, NaN becomes 0, or true as a bool. */
export function wordOf(value: number, dtype: DType): number {
  if (dtype === 'float32') return floatBits(value);
  if (dtype === 'bool') return Number(value !== 0);
  const [least, most] = dtype === 'uint8' ? [0, 255] : [-(2 ** 31), 2 ** 31 - 1];
  return Math.min(most, Math.max(least, Math.trunc(value) || 0)) >>> 0;
}
