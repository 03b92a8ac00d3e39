// Shapes that kernels get wrong: scalars, empty axes, axes of length 1, odd lengths, and lengths around the widths of vector registers.

import type { Shape } from '@sinapse/core';
import type { Grid } from './kernel-case.ts';

/** Shapes of every rank from 0 to 5. */
export function anyShapes(grid: Grid): Shape[] {
  const quick: Shape[] = [
    [], [0], [1], [3], [4], [7], [8], [15], [16], [17], [33], [64],
    [2, 0, 3], [1, 1], [5, 7], [4, 8], [3, 1, 17], [1, 9, 2], [2, 3, 4, 5], [1, 2, 1, 3, 2], [67, 31], [130, 257],
  ]; // prettier-ignore
  const more: Shape[] = [
    [2],
    [5],
    [31],
    [32],
    [63],
    [65],
    [127],
    [128],
    [1000],
    [3, 0],
    [7, 1],
    [1, 7],
    [9, 5, 1],
    [2, 2, 2, 2, 2],
    [3, 1, 1, 2],
    [5, 1, 3, 1, 7],
    [70000],
  ];
  return grid.full ? [...quick, ...more] : quick;
}

/** The same without scalars. */
export function shapesWithAxes(grid: Grid): Shape[] {
  return anyShapes(grid).filter((shape) => shape.length > 0);
}

/** The choice of an axis, for a grid over tensors of every rank. */
export type AxisChoice = 'first' | 'middle' | 'last';

export const AXIS_CHOICES: readonly AxisChoice[] = ['first', 'middle', 'last'];

/** An axis of a tensor that has one. */
export function axisOf(rank: number, choice: AxisChoice): number {
  return choice === 'first' ? 0 : choice === 'last' ? rank - 1 : rank >> 1;
}
