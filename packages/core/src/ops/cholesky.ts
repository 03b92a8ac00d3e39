// The Cholesky factor of symmetric, positive definite matrices.

import { customGradient } from '../autodiff/gradient.ts';
import { isRecording } from '../autodiff/recording.ts';
import { lastLength } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { concat } from './concat.ts';
import { diagonal, diagonalMatrix } from './diagonal.ts';
import { matmul, matrixTranspose } from './matmul.ts';
import { pad } from './slice.ts';
import { lowerTriangle } from './triangle.ts';
import { block, checkSquare, triangularSolve } from './triangular-solve.ts';
import { sqrt } from './unary.ts';

/** Column by column: what the columns before leave of it, divided by the root of its diagonal element. Golub, Van Loan, algorithm 4.2.1. */
function factorOf(a: Tensor): Tensor {
  const n = lastLength(a.shape)!;
  const above = (rows: number): [number, number][] => a.shape.map((_, axis) => [axis === a.shape.length - 2 ? rows : 0, 0]);
  let l = block(a, [0, n], [0, 0]);
  for (let j = 0; j < n; j++) {
    const column = block(a, [j, n], [j, j + 1]);
    const known = matmul(block(l, [j, n], [0, j]), block(l, [j, j + 1], [0, j]), { transposeB: true });
    const rest = j === 0 ? column : sub(column, known);
    l = concat([l, pad(div(rest, sqrt(block(rest, [0, 1], [0, 1]))), above(j))], -1);
  }
  return l;
}

const factor: (a: Tensor) => Tensor = customGradient((a) => {
  const value = factorOf(a);
  // Murray 2016, "Differentiation of the Cholesky decomposition", equations 8 and 9.
  const gradient = (dl: Tensor): Tensor[] => {
    const l = isRecording() ? factor(a) : value; // a second gradient goes through l
    const product = matmul(l, dl, { transposeA: true });
    const p = sub(lowerTriangle(product), mul(diagonalMatrix(diagonal(product)), 0.5));
    const left = triangularSolve(l, p, { transposeA: true });
    const both = triangularSolve(l, matrixTranspose(left), { transposeA: true });
    return [mul(add(both, matrixTranspose(both)), 0.5)];
  };
  return { value, gradient };
});

/**
 * The lower triangular L with positive diagonal and L Lᵀ = a. Only the lower triangle of a is read, and its gradient is that of a symmetric matrix;
 * NaN unless a is positive definite. It takes some ten kernel calls for each column.
 * @param a float32 `[…, n, n]`, symmetric and positive definite
 * @throws ShapeError unless the matrix is square
 */
export function cholesky(a: Tensor): Tensor {
  checkTensor('cholesky', a);
  checkSquare('cholesky', a);
  return factor(a);
}
