// Matrix products: these functions read blocks of two tensors for product.ts, and write the blocks of the result.

import type { Kernel, TypedArray } from '@sinapse/core';
import { product, type Pack, type Store } from './product.ts';
import { valuesOf } from './storage.ts';

/** Reads blocks of a matrix whose first element is at `at`, with `stride` elements from row to row. */
function packRows(x: TypedArray, at: number, stride: number): Pack {
  return (row, rows, column, columns, block, blockStride) => {
    for (let i = 0; i < rows; i++) {
      const from = at + (row + i) * stride + column;
      const to = i * blockStride;
      for (let j = 0; j < columns; j++) block[to + j] = x[from + j];
    }
  };
}

/** The same for a matrix that is stored transposed. */
function packColumns(x: TypedArray, at: number, stride: number): Pack {
  return (row, rows, column, columns, block, blockStride) => {
    for (let j = 0; j < columns; j++) {
      const from = at + (column + j) * stride + row;
      for (let i = 0; i < rows; i++) block[i * blockStride + j] = x[from + i];
    }
  };
}

function storeRows(y: TypedArray, at: number, stride: number): Store {
  return (row, rows, column, columns, block, blockStride) => {
    for (let i = 0; i < rows; i++) {
      const to = at + (row + i) * stride + column;
      const from = i * blockStride;
      for (let j = 0; j < columns; j++) y[to + j] = block[from + j];
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
