// Systems of linear equations with a triangular matrix.

import { customGradient } from '../autodiff/gradient.ts';
import { isRecording } from '../autodiff/recording.ts';
import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { broadcastShapes, formatShape, lastLength, lengthsOf } from '../contract/shape.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { div, sub } from './arithmetic.ts';
import { concat } from './concat.ts';
import { matmul, matrixTranspose } from './matmul.ts';
import { checkFloats } from './operands.ts';
import { flip, slice } from './slice.ts';
import { broadcastTo } from './sum.ts';
import { lowerTriangle, upperTriangle } from './triangle.ts';
import { neg } from './unary.ts';

/** @throws DTypeError, ShapeError unless a is square matrices `[…, n, n]` of floats */
export function checkSquare(op: string, a: Tensor): void {
  checkFloats(op, a);
  const rank = a.shape.length;
  if (rank < 2 || a.shape[rank - 1] !== a.shape[rank - 2]) throw new ShapeError(`${op}: ${formatShape(a.shape)} is not a square matrix`);
}

/** Matrices and right sides with one batch. @throws ShapeError unless a is `[…, n, n]` and b `[…, n, k]` */
export function systemOf(op: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  checkTogether(op, [a, b]);
  checkSquare(op, a);
  checkFloats(op, a, b);
  const n = lastLength(a.shape)!;
  if (b.shape.length < 2 || lastLength(b.shape, 2) !== n)
    throw new ShapeError(
      `${op}: b must be […, ${n}, columns] for the ${n} equations of ${formatShape(a.shape)}, got ${formatShape(b.shape)}`,
    );
  const batchOf = ({ shape }: Tensor): number[] => lengthsOf(shape, 0, shape.length - 2);
  const batch = broadcastShapes(op, batchOf(a), batchOf(b));
  return [broadcastTo(a, [...batch, n, n]), broadcastTo(b, [...batch, n, lastLength(b.shape)!])];
}

/** Rows from `begin` to `end` and columns likewise of `[…, rows, columns]`. */
export function block(x: Tensor, [top, bottom]: readonly [number, number], [left, right]: readonly [number, number]): Tensor {
  const whole = Array.from({ length: x.shape.length - 2 }, () => null);
  return slice(x, [...whole, { begin: top, end: bottom }, { begin: left, end: right }]);
}

/** Solves with the lower triangle of a, row by row. */
export function forwardSubstitution(a: Tensor, b: Tensor): Tensor {
  const [n, columns] = lengthsOf(b.shape, b.shape.length - 2) as [number, number];
  let x = block(b, [0, 0], [0, columns]);
  for (let i = 0; i < n; i++) {
    const right = block(b, [i, i + 1], [0, columns]);
    const rest = i === 0 ? right : sub(right, matmul(block(a, [i, i + 1], [0, i]), x));
    x = concat([x, div(rest, block(a, [i, i + 1], [i, i + 1]))], -2);
  }
  return x;
}

/** Solves with the upper triangle of a: from the last row to the first. */
export function backSubstitution(a: Tensor, b: Tensor): Tensor {
  return flip(forwardSubstitution(flip(a, [-2, -1]), flip(b, -2)), -2);
}

function solverOf(upper: boolean): (a: Tensor, b: Tensor) => Tensor {
  const solve: (a: Tensor, b: Tensor) => Tensor = customGradient((a, b) => {
    const value = upper ? backSubstitution(a, b) : forwardSubstitution(a, b);
    const gradient = (dx: Tensor): Tensor[] => {
      const x = isRecording() ? solve(a, b) : value; // a second gradient goes through x
      const db = (upper ? solveLower : solveUpper)(matrixTranspose(a), dx);
      const da = neg(matmul(db, x, { transposeB: true }));
      return [upper ? upperTriangle(da) : lowerTriangle(da), db];
    };
    return { value, gradient };
  });
  return solve;
}

const solveLower = solverOf(false);
const solveUpper = solverOf(true);

/** Which triangle. */
export interface TriangularSolveOptions {
  /** Whether the upper triangle is read, and not the lower one. Default false. */
  readonly upper?: boolean | undefined;
  /** Whether the matrix is transposed first, after which the other triangle is read. Default false. */
  readonly transposeA?: boolean | undefined;
}

const TRIANGULAR: OptionChecks<TriangularSolveOptions> = { upper: check.flag, transposeA: check.flag };

/**
 * The solution x of a x = b, for a triangle of a; its other elements are not read. A 0 on the diagonal gives infinities or NaN.
 * @param a float32 `[…, n, n]`
 * @param b float32 `[…, n, k]`; leading axes broadcast
 * @returns `[…, n, k]`
 * @throws ShapeError unless the matrix is square and b has its rows
 */
export function triangularSolve(a: Tensor, b: Tensor, options: TriangularSolveOptions = {}): Tensor {
  const [matrix, right] = systemOf('triangularSolve', a, b);
  checkOptions('triangularSolve', options, TRIANGULAR);
  const { upper = false, transposeA = false } = options;
  const isUpper = upper !== transposeA;
  return (isUpper ? solveUpper : solveLower)(transposeA ? matrixTranspose(matrix) : matrix, right);
}
