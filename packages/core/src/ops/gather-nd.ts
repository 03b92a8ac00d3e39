// Picking slices by indices of several axes at once, and adding slices there: each is the other's gradient.

import { isNumeric } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import type { Shape } from '../contract/shape.ts';
import { checkShape, formatShape, lastLength, lengthsOf, sameShape, sizeOf, stridesOf } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { writeAt } from '../tensor/write.ts';
import { mul } from './arithmetic.ts';
import { greaterEqual, less, logicalAnd } from './comparison.ts';
import { all } from './counting.ts';
import { fillAt } from './fill.ts';
import { checkExact, checkIndices, gather, scatterAdd } from './gather.ts';
import { reshape } from './reshape.ts';
import { where } from './select.ts';
import { sum } from './sum.ts';

/** Rows of indices `[…, k]` of the first k axes of a shape, as indices `[…]` of these axes merged into one; -1 for a row out of range. */
function mergedIndices(op: string, indices: Tensor, shape: Shape): { readonly flat: Tensor; readonly axes: Shape } {
  checkIndices(op, indices);
  const depth = lastLength(indices.shape);
  if (depth === undefined || depth === 0 || depth > shape.length)
    throw new ShapeError(
      `${op}: indices ${formatShape(indices.shape)} must end in an axis of 1 to ${shape.length} indices, for the axes of ${formatShape(shape)}`,
    );
  const axes = lengthsOf(shape, 0, depth);
  checkExact(op, indices, sizeOf(axes));
  const row = (values: readonly number[]): Tensor => writeAt(indices, specOf('int32', [depth]), Int32Array.from(values));
  const isInside = all(logicalAnd(greaterEqual(indices, 0), less(indices, row(axes))), { axis: -1 });
  return { flat: where(isInside, sum(mul(indices, row(stridesOf(axes))), { axis: -1 }), -1), axes };
}

/**
 * Slices of x, each picked by the indices of its first k axes: for k = 2, `y[i] = x[indices[i, 0], indices[i, 1]]`. A row of indices out of range
 * gives NaN (0 for integers).
 * @param x at least k axes
 * @param indices int32 `[…, k]`
 * @returns `indices.shape[..-1] + x.shape[k..]`
 * @throws ShapeError when the indices name no axis, or more than x has
 */
export function gatherND(x: Tensor, indices: Tensor): Tensor {
  checkTogether('gatherND', [x, indices]);
  const { flat, axes } = mergedIndices('gatherND', indices, x.shape);
  return gather(reshape(x, [sizeOf(axes), ...lengthsOf(x.shape, axes.length)]), flat);
}

/**
 * Zeros of a shape with updates added, each at the indices of its first k axes. Updates at the same place add up; those out of range are dropped.
 * @param indices int32 `[…, k]`
 * @param updates float32 or int32 `indices.shape[..-1] + shape[k..]`
 * @throws ShapeError when the updates do not fit
 */
export function scatterND(indices: Tensor, updates: Tensor, shape: Shape): Tensor {
  checkTogether('scatterND', [indices, updates]);
  checkShape('scatterND', shape);
  if (!isNumeric(updates.dtype)) throw new DTypeError(`scatterND: ${updates.dtype} has no sum; cast the updates to int32 or float32`);
  const { flat, axes } = mergedIndices('scatterND', indices, shape);
  const rest = lengthsOf(shape, axes.length);
  if (!sameShape(updates.shape, [...flat.shape, ...rest]))
    throw new ShapeError(
      `scatterND: updates ${formatShape(updates.shape)} do not fit indices ${formatShape(indices.shape)} in ${formatShape(shape)}`,
    );
  return reshape(scatterAdd(fillAt(updates, [sizeOf(axes), ...rest], 0, updates.dtype), flat, updates), shape);
}
