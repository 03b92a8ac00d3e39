// Sums, products and extremes over axes. x is read once, in order; every element of y has a float64 accumulator.

import type { DType, Kernel, ReduceOp, TypedArray } from '@sinapse/core';
import { stridesOf } from '@sinapse/core';
import { valuesOf } from './storage.ts';
import { collapse } from './strides.ts';
import { workspace } from './workspace.ts';

interface Reducer {
  /** The accumulator after x[at .. at + n). */
  readonly fold: (accumulator: number, x: TypedArray, at: number, n: number) => number;
  /** Adds each of x[at .. at + n) to its own accumulator. */
  readonly merge: (accumulators: Float64Array, from: number, x: TypedArray, at: number, n: number) => void;
}

const FLOAT_SUM: Reducer = {
  fold: (sum, x, at, n) => {
    for (let i = 0; i < n; i++) sum += x[at + i];
    return sum;
  },
  merge: (sums, from, x, at, n) => {
    for (let i = 0; i < n; i++) sums[from + i] += x[at + i];
  },
};

const FLOAT_PROD: Reducer = {
  fold: (product, x, at, n) => {
    for (let i = 0; i < n; i++) product *= x[at + i];
    return product;
  },
  merge: (products, from, x, at, n) => {
    for (let i = 0; i < n; i++) products[from + i] *= x[at + i];
  },
};

const INTEGER_SUM: Reducer = {
  fold: (sum, x, at, n) => {
    for (let i = 0; i < n; i++) sum = (sum + x[at + i]) | 0;
    return sum;
  },
  merge: (sums, from, x, at, n) => {
    for (let i = 0; i < n; i++) sums[from + i] = (sums[from + i] + x[at + i]) | 0;
  },
};

const INTEGER_PROD: Reducer = {
  fold: (product, x, at, n) => {
    for (let i = 0; i < n; i++) product = Math.imul(product, x[at + i]);
    return product;
  },
  merge: (products, from, x, at, n) => {
    for (let i = 0; i < n; i++) products[from + i] = Math.imul(products[from + i], x[at + i]);
  },
};

const MAX: Reducer = {
  fold: (most, x, at, n) => {
    for (let i = 0; i < n; i++) most = Math.max(most, x[at + i]);
    return most;
  },
  merge: (most, from, x, at, n) => {
    for (let i = 0; i < n; i++) most[from + i] = Math.max(most[from + i], x[at + i]);
  },
};

const MIN: Reducer = {
  fold: (least, x, at, n) => {
    for (let i = 0; i < n; i++) least = Math.min(least, x[at + i]);
    return least;
  },
  merge: (least, from, x, at, n) => {
    for (let i = 0; i < n; i++) least[from + i] = Math.min(least[from + i], x[at + i]);
  },
};

const REDUCERS: Readonly<Record<ReduceOp, readonly [float: Reducer, integer: Reducer]>> = {
  sum: [FLOAT_SUM, INTEGER_SUM],
  prod: [FLOAT_PROD, INTEGER_PROD],
  max: [MAX, MAX],
  min: [MIN, MIN],
};

/** The result of an empty reduction. For max and min it is the least and the greatest value of the dtype. */
function initial(op: ReduceOp, dtype: DType): number {
  if (op === 'sum') return 0;
  if (op === 'prod') return 1;
  const [least, greatest] =
    dtype === 'int32' ? [-0x80000000, 0x7fffffff] : dtype === 'uint8' ? [0, 255] : dtype === 'bool' ? [0, 1] : [-Infinity, Infinity];
  return op === 'max' ? least : greatest;
}

export const reduce: Kernel<'reduce'> = ({ in: { x }, out: { y }, attrs: { op, axes } }) => {
  const accumulators = workspace(y.size);
  accumulators.fill(initial(op, x.dtype), 0, y.size);
  if (x.size > 0) {
    // y is read as x stretched along the reduced axes: strides 0 there.
    const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    const yStrides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
    const { lengths, strides } = collapse(x.shape, stridesOf(x.shape), yStrides);
    loops(REDUCERS[op][x.dtype === 'float32' ? 0 : 1], lengths, 0, valuesOf(x), x.offset, strides[0], accumulators, 0, strides[1]);
  }
  const values = valuesOf(y);
  for (let i = 0; i < y.size; i++) values[y.offset + i] = accumulators[i];
};

function loops(
  reducer: Reducer,
  lengths: readonly number[],
  level: number,
  x: TypedArray,
  xAt: number,
  xStrides: readonly number[],
  accumulators: Float64Array,
  at: number,
  yStrides: readonly number[],
): void {
  const length = lengths[level];
  const yStep = yStrides[level];
  if (level < lengths.length - 1) {
    for (let i = 0; i < length; i++) {
      loops(reducer, lengths, level + 1, x, xAt + i * xStrides[level], xStrides, accumulators, at + i * yStep, yStrides);
    }
  } else if (yStep === 0) {
    accumulators[at] = reducer.fold(accumulators[at], x, xAt, length);
  } else {
    reducer.merge(accumulators, at, x, xAt, length);
  }
}
