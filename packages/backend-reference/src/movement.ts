// Kernels that only move values: each is a strided copy and differs in its strides.

import type { Kernel, Shape, TypedArray } from '@sinapse/core';
import { sizeOf, stridesOf } from '@sinapse/core';
import { valuesOf } from './storage.ts';
import { broadcastStrides, collapse } from './strides.ts';

/** Copies `count` elements from `xAt` to `yAt`. */
export function copyRun(x: TypedArray, xAt: number, y: TypedArray, yAt: number, count: number): void {
  if (count > 48) y.set(x.subarray(xAt, xAt + count), yAt);
  else for (let i = 0; i < count; i++) y[yAt + i] = x[xAt + i];
}

/** y[yAt + index . yStrides] = x[xAt + index . xStrides] for every index of `shape`. */
function copyStrided(
  shape: Shape,
  x: TypedArray,
  xAt: number,
  xStrides: readonly number[],
  y: TypedArray,
  yAt: number,
  yStrides: readonly number[],
): void {
  if (sizeOf(shape) === 0) return;
  const { lengths, strides } = collapse(shape, xStrides, yStrides);
  copyLoops(lengths, 0, x, xAt, strides[0], y, yAt, strides[1]);
}

function copyLoops(
  lengths: readonly number[],
  loop: number,
  x: TypedArray,
  xAt: number,
  xStrides: readonly number[],
  y: TypedArray,
  yAt: number,
  yStrides: readonly number[],
): void {
  const length = lengths[loop];
  const xStep = xStrides[loop];
  const yStep = yStrides[loop];
  if (loop < lengths.length - 1) {
    for (let i = 0; i < length; i++) copyLoops(lengths, loop + 1, x, xAt + i * xStep, xStrides, y, yAt + i * yStep, yStrides);
  } else if (xStep === 1 && yStep === 1) {
    copyRun(x, xAt, y, yAt, length);
  } else {
    for (let i = 0; i < length; i++, xAt += xStep, yAt += yStep) y[yAt] = x[xAt];
  }
}

export const broadcastTo: Kernel<'broadcastTo'> = ({ in: { x }, out: { y } }) => {
  copyStrided(y.shape, valuesOf(x), x.offset, broadcastStrides(x.shape, y.shape), valuesOf(y), y.offset, stridesOf(y.shape));
};

export const transpose: Kernel<'transpose'> = ({ in: { x }, out: { y }, attrs: { permutation } }) => {
  const strides = stridesOf(x.shape);
  const permuted = permutation.map((axis) => strides[axis]);
  copyStrided(y.shape, valuesOf(x), x.offset, permuted, valuesOf(y), y.offset, stridesOf(y.shape));
};

export const slice: Kernel<'slice'> = ({ in: { x }, out: { y }, attrs: { begin, step } }) => {
  const strides = stridesOf(x.shape);
  const first = begin.reduce((at, index, axis) => at + index * strides[axis], x.offset);
  const stepped = strides.map((stride, axis) => stride * step[axis]);
  copyStrided(y.shape, valuesOf(x), first, stepped, valuesOf(y), y.offset, stridesOf(y.shape));
};

export const pad: Kernel<'pad'> = ({ in: { x }, out: { y }, attrs: { before, interior }, scalars: { value } }) => {
  const values = valuesOf(y);
  values.fill(value, y.offset, y.offset + y.size);
  const strides = stridesOf(y.shape);
  const first = before.reduce((at, count, axis) => at + count * strides[axis], y.offset);
  const spread = strides.map((stride, axis) => stride * (interior[axis] + 1));
  copyStrided(x.shape, valuesOf(x), x.offset, stridesOf(x.shape), values, first, spread);
};

export const concat: Kernel<'concat'> = ({ in: { xs }, out: { y }, attrs: { axis } }) => {
  const values = valuesOf(y);
  const strides = stridesOf(y.shape);
  let at = y.offset;
  for (const x of xs) {
    copyStrided(x.shape, valuesOf(x), x.offset, stridesOf(x.shape), values, at, strides);
    at += x.shape[axis] * strides[axis];
  }
};
