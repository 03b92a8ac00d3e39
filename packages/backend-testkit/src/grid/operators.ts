// The scalars that element-wise kernels are tried on.

import type { DType } from '@sinapse/core';
import type { Grid } from './kernel-case.ts';

export const ALL: readonly DType[] = ['float32', 'int32', 'uint8', 'bool'];

/** Numbers for every dtype: integers take them as `cast` would. */
export const SCALARS: readonly number[] = [2, -3, 0, 1, -1, 46341, 1.5, -0.25, 255, Infinity, -Infinity, NaN];

/** Whether a scalar can be used with a dtype. If int32 is carried as floats, there is no integer to clamp an infinity to. */
export function scalarFits(grid: Grid, dtype: DType, value: number): boolean {
  return dtype !== 'int32' || grid.integerLimit >= 2 ** 31 || Math.abs(value) !== Infinity;
}
