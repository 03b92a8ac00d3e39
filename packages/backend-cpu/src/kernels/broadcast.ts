// Tells a kernel how its operands are stretched to the shape of its result: read by `Broadcast` of kernels/elementwise/broadcast.h.

import type { Shape } from '@sinapse/core';
import { readable } from '@sinapse/core';

/** Writes the rank and, for each axis of the result, its length and `operands` strides, which `writeStrides` fills in. */
export function writeAxes(args: Float64Array, at: number, shape: Shape, operands: number): void {
  const lengths = readable(shape);
  args[at] = lengths.length;
  for (let axis = 0; axis < lengths.length; axis++) args[at + 1 + axis * (operands + 1)] = lengths[axis];
}

/** Writes the strides of one operand: 0 along the axes where it is stretched. `at` as for `writeAxes`. */
export function writeStrides(args: Float64Array, at: number, target: Shape, operands: number, operand: number, shape: Shape): void {
  const lengths = readable(shape);
  const missing = target.length - lengths.length;
  for (let axis = target.length - 1, stride = 1; axis >= 0; axis--) {
    const length = axis < missing ? 1 : lengths[axis - missing];
    args[at + 2 + axis * (operands + 1) + operand] = length === 1 ? 0 : stride;
    stride *= length;
  }
}
