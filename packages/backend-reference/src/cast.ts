// Conversion between dtypes: `cast` converts a tensor, `fill` a JavaScript number.

import type { DType, Kernel } from '@sinapse/core';
import { copyRun } from './movement.ts';
import { valuesOf } from './storage.ts';

/** Rounds towards zero and clamps to the range; NaN gives 0. */
function toInt32(x: number): number {
  return x >= 0x7fffffff ? 0x7fffffff : x <= -0x80000000 ? -0x80000000 : x | 0;
}

/** Rounds towards zero and clamps to the range; NaN gives 0. */
function toUint8(x: number): number {
  return x >= 255 ? 255 : x > 0 ? x | 0 : 0;
}

/** Converts a number to a dtype. A float is rounded only when it is stored. */
function toDType(dtype: DType, x: number): number {
  if (dtype === 'int32') return toInt32(x);
  if (dtype === 'uint8') return toUint8(x);
  if (dtype === 'bool') return x !== 0 ? 1 : 0;
  return x;
}

export const fill: Kernel<'fill'> = ({ out: { y }, scalars: { value } }) => {
  valuesOf(y).fill(toDType(y.dtype, value), y.offset, y.offset + y.size);
};

export const cast: Kernel<'cast'> = ({ in: { x }, out: { y }, attrs: { dtype } }) => {
  const from = valuesOf(x);
  const to = valuesOf(y);
  const xAt = x.offset;
  const yAt = y.offset;
  const count = y.size;
  if (x.dtype === dtype) copyRun(from, xAt, to, yAt, count);
  else if (dtype === 'bool') for (let i = 0; i < count; i++) to[yAt + i] = from[xAt + i] !== 0 ? 1 : 0;
  else if (dtype === 'int32') for (let i = 0; i < count; i++) to[yAt + i] = toInt32(from[xAt + i]);
  else if (dtype === 'uint8') for (let i = 0; i < count; i++) to[yAt + i] = toUint8(from[xAt + i]);
  else for (let i = 0; i < count; i++) to[yAt + i] = from[xAt + i];
};
