// Systems of linear equations, inverses and determinants, by Gaussian elimination with partial pivoting. Golub, Van Loan, algorithm 3.4.1.

import { customGradient } from '../autodiff/gradient.ts';
import { isRecording } from '../autodiff/recording.ts';
import { lastLength, lengthsOf, sizeOf } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { div, mul, sub } from './arithmetic.ts';
import { argMax } from './arg-reduce.ts';
import { equal, greater, less, logicalAnd, notEqual } from './comparison.ts';
import { diagonal, diagonalMatrix } from './diagonal.ts';
import { fillAt } from './fill.ts';
import { flatIndices, gather, rangeAt, takeAlongLast } from './gather.ts';
import { matmul, matrixTranspose } from './matmul.ts';
import { expandDims, reshape } from './reshape.ts';
import { where } from './select.ts';
import { prod } from './statistics.ts';
import { broadcastTo } from './sum.ts';
import { backSubstitution, block, checkSquare, forwardSubstitution, systemOf } from './triangular-solve.ts';
import { lowerTriangle } from './triangle.ts';
import { abs, neg } from './unary.ts';

/** P A = L U: the factors in one matrix (L without its diagonal of ones), the order of rows, and the sign of that order. */
interface Factors {
  readonly lu: Tensor;
  readonly order: Tensor;
  readonly sign: Tensor;
}

/** @param a `[batch, n, n]` */
function factorize(a: Tensor): Factors {
  const [batch, n] = a.shape as [number, number];
  const rows = rangeAt(a, n);
  let lu = a;
  let order = broadcastTo(rows, [batch, n]);
  let sign = fillAt(a, [batch, 1], 1, a.dtype);
  for (let k = 0; k < n; k++) {
    const column = reshape(block(lu, [0, n], [k, k + 1]), [batch, n]);
    const best = argMax(where(less(rows, k), -1, abs(column)), { axis: 1, keepDims: true });
    const exchange = where(equal(rows, k), best, where(equal(rows, best), k, rows));
    sign = where(notEqual(best, k), neg(sign), sign);
    order = takeAlongLast(order, exchange);
    lu = eliminated(gather(reshape(lu, [batch * n, n]), flatIndices(exchange, batch, n)), k, rows);
  }
  return { lu, order, sign: reshape(sign, [batch]) };
}

/** Subtracts row k from the rows below it, so that their column k becomes 0, and keeps the factors in that column. */
function eliminated(lu: Tensor, k: number, rows: Tensor): Tensor {
  const n = rows.size;
  const pivotRow = block(lu, [k, k + 1], [0, n]);
  const pivot = block(pivotRow, [0, 1], [k, k + 1]);
  const isBelow = greater(expandDims(rows, 1), k);
  const factors = where(isBelow, div(block(lu, [0, n], [k, k + 1]), where(equal(pivot, 0), 1, pivot)), 0);
  const rest = sub(lu, mul(factors, where(greater(rows, k), pivotRow, 0)));
  return where(logicalAnd(isBelow, equal(rows, k)), factors, rest);
}

/** a as `[batch, n, n]`. */
function batched(a: Tensor): Tensor {
  const n = lastLength(a.shape)!;
  return reshape(a, [sizeOf(lengthsOf(a.shape, 0, a.shape.length - 2)), n, n]);
}

const solveSystem: (a: Tensor, b: Tensor) => Tensor = customGradient((a, b) => {
  const { lu, order } = factorize(batched(a));
  const [batch, n] = lu.shape as [number, number];
  const columns = lastLength(b.shape)!;
  const permuted = gather(reshape(b, [batch * n, columns]), flatIndices(order, batch, n));
  const ones = diagonalMatrix(fillAt(a, [n], 1, a.dtype));
  const lower = where(equal(ones, 1), ones, lowerTriangle(lu, -1));
  const value = reshape(backSubstitution(lu, forwardSubstitution(lower, permuted)), b.shape);
  const gradient = (dx: Tensor): Tensor[] => {
    const x = isRecording() ? solveSystem(a, b) : value; // a second gradient goes through x
    const db = solveSystem(matrixTranspose(a), dx);
    return [neg(matmul(db, x, { transposeB: true })), db];
  };
  return { value, gradient };
});

/**
 * The solution x of a x = b. Of a singular matrix it is infinite or NaN. The matrix is eliminated column by column, which takes some 20 kernel calls
 * for each: it is meant for matrices of up to a few hundred rows, or many of them at once.
 * @param a float32 `[…, n, n]`
 * @param b float32 `[…, n, k]`; leading axes broadcast
 * @returns `[…, n, k]`
 * @throws ShapeError unless the matrix is square and b has its rows
 */
export function solve(a: Tensor, b: Tensor): Tensor {
  return solveSystem(...systemOf('solve', a, b));
}

/**
 * The inverse of square matrices. To solve a system, `solve` is faster and more accurate.
 * @param a float32 `[…, n, n]`
 * @throws ShapeError unless the matrix is square
 */
export function inverse(a: Tensor): Tensor {
  checkTensor('inverse', a);
  checkSquare('inverse', a);
  return inverted(a);
}

function inverted(a: Tensor): Tensor {
  const n = lastLength(a.shape)!;
  return solveSystem(a, broadcastTo(diagonalMatrix(fillAt(a, [n], 1, a.dtype)), a.shape));
}

const determinantOf: (a: Tensor) => Tensor = customGradient((a) => {
  const { lu, sign } = factorize(batched(a));
  const value = reshape(mul(prod(diagonal(lu), { axis: -1 }), sign), lengthsOf(a.shape, 0, a.shape.length - 2));
  const gradient = (d: Tensor): Tensor[] => {
    const y = isRecording() ? determinantOf(a) : value; // a second gradient goes through y
    return [mul(reshape(mul(d, y), [...y.shape, 1, 1]), inverted(matrixTranspose(a)))];
  };
  return { value, gradient };
});

/**
 * The determinant of square matrices. The gradient, det(a) times the transposed inverse, is NaN for singular ones.
 * @param a float32 `[…, n, n]`
 * @returns `[…]`
 * @throws ShapeError unless the matrix is square
 */
export function determinant(a: Tensor): Tensor {
  checkTensor('determinant', a);
  checkSquare('determinant', a);
  return determinantOf(a);
}
