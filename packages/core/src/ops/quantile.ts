// Quantiles over axes.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import { checkOptions, checkValue } from '../contract/options.ts';
import { formatShape, lastLength, normalizeAxes } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul } from './arithmetic.ts';
import { axesLast, mergedLast } from './merge-axes.ts';
import { checkFloats } from './operands.ts';
import { reshape } from './reshape.ts';
import { where } from './select.ts';
import { slice } from './slice.ts';
import { sort } from './sort.ts';
import type { ReduceOptions } from './sum.ts';
import { REDUCE, reducedShape } from './sum.ts';
import { transpose } from './transpose.ts';
import { isNaN } from './unary.ts';

function quantileAs(op: string, x: Tensor, q: number, options: ReduceOptions): Tensor {
  checkTensor(op, x);
  checkOptions(op, options, REDUCE);
  checkFloats(op, x);
  const axes = normalizeAxes(op, options.axis, x.shape.length);
  const rows = mergedLast(transpose(x, axesLast(axes, x)), axes.length);
  const count = lastLength(rows.shape)!;
  if (count === 0) throw new ShapeError(`${op}: there is nothing to order in ${formatShape(x.shape)} over axes ${axes.join(', ')}`);
  const { values } = sort(rows);
  const at = (index: number): Tensor => slice(values, [...values.shape.slice(1).map(() => null), index]);
  const position = q * (count - 1);
  const below = Math.floor(position);
  const part = position - below;
  const value = part === 0 ? at(below) : add(mul(at(below), 1 - part), mul(at(below + 1), part));
  const y = where(isNaN(at(count - 1)), NaN, value); // NaN comes last
  return reshape(y, reducedShape(x.shape, axes, options.keepDims ?? false));
}

/**
 * The q-quantile over axes: the element at position q (n - 1) of the n elements in order, interpolated between its neighbours; NaN if any is NaN.
 * @param x float32
 * @param q within [0, 1]: 0 gives the smallest element, 0.5 the median, 1 the largest
 * @throws ShapeError when an axis is out of range, or there is no element
 */
export function quantile(x: Tensor, q: number, options: ReduceOptions = {}): Tensor {
  checkTensor('quantile', x);
  checkValue('quantile', q, check.probability, 'q');
  return quantileAs('quantile', x, q, options);
}

/**
 * The median over axes: the middle element in order, or the mean of the two in the middle; NaN if any is NaN.
 * @param x float32
 * @throws ShapeError when an axis is out of range, or there is no element
 */
export function median(x: Tensor, options: ReduceOptions = {}): Tensor {
  return quantileAs('median', x, 0.5, options);
}
