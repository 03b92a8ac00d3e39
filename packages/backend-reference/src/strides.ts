// Loops over several tensors at once: strides that broadcast, and as few nested loops as possible.

import type { Shape } from '@sinapse/core';
import { stridesOf } from '@sinapse/core';

/** Strides that read a tensor of `shape` as if it were stretched to `target` by NumPy's rule: 0 along stretched axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const own = stridesOf(shape);
  const missing = target.length - shape.length;
  return target.map((_, axis) => (axis < missing || shape[axis - missing] === 1 ? 0 : own[axis - missing]));
}

/** Nested loops, outermost first: `strides[operand][loop]`. There is always at least one. */
export interface Loops {
  readonly lengths: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** Drops axes of length 1 and joins neighbouring axes that every operand steps through as one. */
export function collapse(shape: Shape, ...strides: readonly (readonly number[])[]): Loops {
  const lengths: number[] = [];
  const joined: number[][] = strides.map(() => []);
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const last = lengths.length - 1;
    if (last >= 0 && strides.every((of, operand) => joined[operand][last] === of[axis] * length)) {
      lengths[last] *= length;
      strides.forEach((of, operand) => (joined[operand][last] = of[axis]));
    } else {
      lengths.push(length);
      strides.forEach((of, operand) => joined[operand].push(of[axis]));
    }
  });
  if (lengths.length === 0) {
    lengths.push(1);
    joined.forEach((of) => of.push(0));
  }
  return { lengths, strides: joined };
}
