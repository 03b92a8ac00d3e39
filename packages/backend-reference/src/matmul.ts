// Matrix products of stored matrices: ways of packing and storing for product.ts.

import type { Activation, Kernel, TypedArray, View } from '@sinapse/core';
import { activate } from './activation.ts';
import { product, type Pack, type Store } from './product.ts';
import { valuesOf } from './storage.ts';

/** A matrix with its first element at `at`, `stride` elements from row to row. */
export function packRows(x: TypedArray, at: number, stride: number): Pack {
  return (row, rows, column, columns, block, blockStride) => {
    for (let i = 0; i < rows; i++) {
      const from = at + (row + i) * stride + column;
      const to = i * blockStride;
      for (let j = 0; j < columns; j++) block[to + j] = x[from + j];
    }
  };
}

/** The same when it is the transpose that is stored. */
export function packColumns(x: TypedArray, at: number, stride: number): Pack {
  return (row, rows, column, columns, block, blockStride) => {
    for (let j = 0; j < columns; j++) {
      const from = at + (column + j) * stride + row;
      for (let i = 0; i < rows; i++) block[i * blockStride + j] = x[from + i];
    }
  };
}

export function storeRows(y: TypedArray, at: number, stride: number): Store {
  return (row, rows, column, columns, block, blockStride) => {
    for (let i = 0; i < rows; i++) {
      const to = at + (row + i) * stride + column;
      const from = i * blockStride;
      for (let j = 0; j < columns; j++) y[to + j] = block[from + j];
    }
  };
}

/** What is added to a product: a bias per column, and a matrix of the result's own layout; both from column `first` on. */
interface Added {
  readonly bias: View | undefined;
  readonly residual?: View | undefined;
  readonly first: number;
}

/** Adds and activates, before rounding. */
export function storeActivated(
  y: TypedArray,
  at: number,
  stride: number,
  { bias, residual, first }: Added,
  activation: Activation,
  alpha: number,
): Store {
  const store = storeRows(y, at, stride);
  const addBias = bias && addRows(valuesOf(bias), bias.offset + first, 0);
  const addResidual = residual && addRows(valuesOf(residual), residual.offset + first, stride);
  return (row, rows, column, columns, block, blockStride) => {
    addBias?.(row, rows, column, columns, block, blockStride);
    addResidual?.(row, rows, column, columns, block, blockStride);
    activate(activation, alpha, block, rows * blockStride);
    store(row, rows, column, columns, block, blockStride);
  };
}

/** Adds a stored matrix to a block; with a stride of 0, one row to every row. */
function addRows(x: TypedArray, at: number, stride: number): Store {
  return (row, rows, column, columns, block, blockStride) => {
    for (let i = 0; i < rows; i++) {
      const from = at + (row + i) * stride + column;
      for (let j = 0; j < columns; j++) block[i * blockStride + j] += x[from + j];
    }
  };
}

export const matmul: Kernel<'matmul'> = ({ in: { a, b }, out: { y }, attrs: { transposeA, transposeB } }) => {
  const [batch, m, n] = y.shape;
  const k = a.shape[transposeA ? 1 : 2];
  const left = valuesOf(a);
  const right = valuesOf(b);
  const to = valuesOf(y);
  for (let i = 0; i < batch; i++) {
    const aAt = a.offset + (a.shape[0] === 1 ? 0 : i * m * k);
    const bAt = b.offset + (b.shape[0] === 1 ? 0 : i * k * n);
    const packA = transposeA ? packColumns(left, aAt, m) : packRows(left, aAt, k);
    const packB = transposeB ? packColumns(right, bAt, k) : packRows(right, bAt, n);
    product(m, n, k, packA, packB, storeRows(to, y.offset + i * m * n, n));
  }
};

export const linear: Kernel<'linear'> = ({ in: { x, weight, bias }, out: { y }, attrs: { activation }, scalars: { alpha } }) => {
  const [k, n] = weight.shape;
  const store = storeActivated(valuesOf(y), y.offset, n, { bias, first: 0 }, activation, alpha);
  product(x.shape[0], n, k, packRows(valuesOf(x), x.offset, k), packRows(valuesOf(weight), weight.offset, n), store);
};
