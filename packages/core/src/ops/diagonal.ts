// Diagonals of matrices, and matrices made of their diagonal: each is the other's gradient.

import * as check from '../contract/checks.ts';
import { isNumeric } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import { checkShape, formatShape, lastLength, lengthsOf } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { reshape } from './reshape.ts';
import { padWithGaps, slice } from './slice.ts';
import { sum } from './sum.ts';

/**
 * A diagonal of the last two axes.
 * @param x `[…, rows, columns]`, any dtype
 * @param offset 0 for the main diagonal, 1 for the one above it, -1 for the one below
 * @returns `[…, length of the diagonal]`
 * @throws ShapeError when x has fewer than two axes
 */
export function diagonal(x: Tensor, offset = 0): Tensor {
  return diagonalAs('diagonal', x, offset);
}

function diagonalAs(op: string, x: Tensor, offset: number): Tensor {
  checkTensor(op, x);
  checkValue(op, offset, check.offset, 'offset');
  if (x.shape.length < 2) throw new ShapeError(`${op}: ${formatShape(x.shape)} is not a matrix`);
  const [rows, columns] = lengthsOf(x.shape, x.shape.length - 2) as [number, number];
  const batch = lengthsOf(x.shape, 0, x.shape.length - 2);
  const length = Math.max(0, offset < 0 ? Math.min(rows + offset, columns) : Math.min(rows, columns - offset));
  const begin = length === 0 ? 0 : offset < 0 ? -offset * columns : offset;
  const step = columns + 1;
  const end = length === 0 ? 0 : begin + (length - 1) * step + 1;
  return slice(reshape(x, [...batch, rows * columns]), [...batch.map(() => null), { begin, end, step }]);
}

/**
 * Square matrices with x on a diagonal and zeros elsewhere.
 * @param x `[…, n]`, any dtype
 * @param offset 0 for the main diagonal, 1 for the one above it, -1 for the one below
 * @returns `[…, n + |offset|, n + |offset|]`
 * @throws ShapeError for a scalar
 */
export function diagonalMatrix(x: Tensor, offset = 0): Tensor {
  checkTensor('diagonalMatrix', x);
  checkValue('diagonalMatrix', offset, check.offset, 'offset');
  const length = lastLength(x.shape);
  if (length === undefined) throw new ShapeError('diagonalMatrix: a scalar is no diagonal');
  const batch = lengthsOf(x.shape, 0, x.shape.length - 1);
  const size = length + Math.abs(offset);
  checkShape('diagonalMatrix', [...batch, size, size]);
  const before = length === 0 ? size * size : offset < 0 ? -offset * size : offset;
  const after = length === 0 ? 0 : size * size - before - (length - 1) * (size + 1) - 1;
  const along = (value: number): number[] => [...batch.map(() => 0), value];
  return reshape(padWithGaps(x, { before: along(before), after: along(after), interior: along(size) }), [...batch, size, size]);
}

/**
 * The sum of a diagonal of the last two axes.
 * @param x float32 or int32 `[…, rows, columns]`
 * @param offset 0 for the main diagonal, 1 for the one above it, -1 for the one below
 * @throws ShapeError when x has fewer than two axes
 */
export function trace(x: Tensor, offset = 0): Tensor {
  const values = diagonalAs('trace', x, offset);
  if (!isNumeric(x.dtype)) throw new DTypeError(`trace: ${x.dtype} has no sum; cast it to int32 or float32 first`);
  return sum(values, { axis: -1 });
}
