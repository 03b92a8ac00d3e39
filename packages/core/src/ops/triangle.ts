// The parts of matrices below and above a diagonal.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import { formatShape } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { sub } from './arithmetic.ts';
import { greaterEqual, lessEqual } from './comparison.ts';
import { rangeAt } from './gather.ts';
import { expandDims } from './reshape.ts';
import { where } from './select.ts';

function triangle(op: string, x: Tensor, offset: number, keeps: typeof lessEqual): Tensor {
  checkTensor(op, x);
  checkValue(op, offset, check.offset, 'offset');
  const rank = x.shape.length;
  if (rank < 2) throw new ShapeError(`${op}: ${formatShape(x.shape)} is not a matrix`);
  const [rows, columns] = [rangeAt(x, x.shape[rank - 2]!), rangeAt(x, x.shape[rank - 1]!)];
  return where(keeps(sub(columns, expandDims(rows, 1)), offset), x, 0);
}

/**
 * x with zeros above a diagonal of its last two axes: PyTorch's and NumPy's tril.
 * @param x `[…, rows, columns]`, any dtype
 * @param offset the last diagonal that stays: 0 the main one, 1 the one above it, -1 the one below
 * @throws ShapeError when x has fewer than two axes
 */
export function lowerTriangle(x: Tensor, offset = 0): Tensor {
  return triangle('lowerTriangle', x, offset, lessEqual);
}

/**
 * x with zeros below a diagonal of its last two axes: PyTorch's and NumPy's triu.
 * @param x `[…, rows, columns]`, any dtype
 * @param offset the first diagonal that stays: 0 the main one, 1 the one above it, -1 the one below
 * @throws ShapeError when x has fewer than two axes
 */
export function upperTriangle(x: Tensor, offset = 0): Tensor {
  return triangle('upperTriangle', x, offset, greaterEqual);
}
