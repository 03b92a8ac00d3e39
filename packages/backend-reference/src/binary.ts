// Functions of two operands with NumPy's broadcasting: runs the loops of arithmetic.ts over tensors.

import type { Kernel, TypedArray, View } from '@sinapse/core';
import { stridesOf } from '@sinapse/core';
import { binaryLoop, type BinaryLoop } from './arithmetic.ts';
import { valuesOf } from './storage.ts';
import { broadcastStrides, collapse } from './strides.ts';

export const binary: Kernel<'binary'> = ({ in: { a, b }, out: { y }, attrs: { op } }) => {
  const loop = binaryLoop(op, a.dtype);
  const size = y.size;
  // An operand as large as the result is not stretched and has a step of 1; an operand of one element has a step of 0.
  if ((a.size === size || a.size === 1) && (b.size === size || b.size === 1)) {
    loop(valuesOf(a), a.offset, a.size === 1 ? 0 : 1, valuesOf(b), b.offset, b.size === 1 ? 0 : 1, valuesOf(y), y.offset, size);
  } else if (size > 0) {
    stretched(loop, a, b, y);
  }
};

/** The general case. The innermost loop covers, for example, a row of a matrix and a row of biases. */
function stretched(loop: BinaryLoop, a: View, b: View, y: View): void {
  const { lengths, strides } = collapse(
    y.shape,
    broadcastStrides(a.shape, y.shape),
    broadcastStrides(b.shape, y.shape),
    stridesOf(y.shape),
  );
  loops(loop, lengths, 0, valuesOf(a), a.offset, strides[0], valuesOf(b), b.offset, strides[1], valuesOf(y), y.offset, strides[2]);
}

function loops(
  loop: BinaryLoop,
  lengths: readonly number[],
  level: number,
  a: TypedArray,
  aAt: number,
  aStrides: readonly number[],
  b: TypedArray,
  bAt: number,
  bStrides: readonly number[],
  y: TypedArray,
  yAt: number,
  yStrides: readonly number[],
): void {
  const length = lengths[level];
  const aStep = aStrides[level];
  const bStep = bStrides[level];
  if (level === lengths.length - 1) {
    loop(a, aAt, aStep, b, bAt, bStep, y, yAt, length);
    return;
  }
  for (let i = 0; i < length; i++) {
    loops(loop, lengths, level + 1, a, aAt + i * aStep, aStrides, b, bAt + i * bStep, bStrides, y, yAt + i * yStrides[level], yStrides);
  }
}
