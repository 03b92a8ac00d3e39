// Putting values at indices, and adding them there along an axis: the counterparts of `gather` and `takeAlong`.

import { isNumeric } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import { formatShape, lengthsOf, normalizeAxis, sameShape } from '../contract/shape.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add } from './arithmetic.ts';
import { cast } from './cast.ts';
import { greater, notEqual } from './comparison.ts';
import { onesLike, zerosLike } from './fill.ts';
import { checkAlong, checkIndices, gather, scatterAdd, scatterAlongLast, takeAlongLast } from './gather.ts';
import { reshape } from './reshape.ts';
import { where } from './select.ts';
import { pad, slice } from './slice.ts';
import { sort } from './sort.ts';
import { moveAxis } from './transpose.ts';

/**
 * Indices along the last axis in ascending order, but -1 for all except the last of those that were equal; and where each stood. Of updates at one
 * index, the last thus remains.
 */
function lastOfEqual(indices: Tensor): { readonly kept: Tensor; readonly from: Tensor } {
  const { values, indices: from } = sort(indices); // stable: equal indices keep their order
  const rank = values.shape.length;
  const rest = slice(values, [...Array.from({ length: rank - 1 }, () => null), { begin: 1 }]);
  const next = pad(rest, values.shape.map((length, axis) => [0, axis === rank - 1 ? Math.min(1, length) : 0] as const), -1); // prettier-ignore
  return { kept: where(notEqual(values, next), values, -1), from };
}

/** @throws DTypeError unless the updates have x's dtype and the indices are int32 */
function checkUpdates(op: string, x: Tensor, indices: Tensor, updates: Tensor): void {
  checkTogether(op, [x, indices, updates]);
  checkIndices(op, indices);
  if (updates.dtype !== x.dtype) throw new DTypeError(`${op}: x is ${x.dtype}, the updates ${updates.dtype}; cast one of them`);
}

/** Runs f on numbers that can be added: bool and uint8 as int32. */
function asNumbers(x: Tensor, updates: Tensor, f: (x: Tensor, updates: Tensor) => Tensor): Tensor {
  return isNumeric(x.dtype) ? f(x, updates) : cast(f(cast(x, 'int32'), cast(updates, 'int32')), x.dtype);
}

/**
 * x with slices replaced by updates at indices along an axis, where `scatterAdd` adds them. Of updates at the same index the last remains; those at
 * an index out of range are dropped. What is replaced has gradient 0, and so have updates that do not remain.
 * @param x any dtype
 * @param indices int32, any shape
 * @param updates x's dtype, `x.shape[..axis] + indices.shape + x.shape[axis + 1..]`
 * @throws ShapeError when the updates do not fit
 */
export function scatter(x: Tensor, indices: Tensor, updates: Tensor, axis = 0): Tensor {
  checkUpdates('scatter', x, indices, updates);
  const at = normalizeAxis('scatter', axis, x.shape.length);
  const [before, after] = [lengthsOf(x.shape, 0, at), lengthsOf(x.shape, at + 1)];
  if (!sameShape(updates.shape, [...before, ...indices.shape, ...after]))
    throw new ShapeError(
      `scatter: updates ${formatShape(updates.shape)} do not fit indices ${formatShape(indices.shape)} at axis ${at} of ${formatShape(x.shape)}`,
    );
  const count = indices.size;
  const { kept, from } = lastOfEqual(reshape(indices, [count]));
  const length = x.shape[at]!;
  const touched = greater(scatterAlongLast(kept, onesLike(kept), length), 0);
  return asNumbers(x, reshape(updates, [...before, count, ...after]), (numbers, slices) =>
    where(reshape(touched, [length, ...after.map(() => 1)]), scatterAdd(zerosLike(numbers), kept, gather(slices, from, at), at), numbers),
  );
}

/**
 * x with elements replaced by updates at their index along an axis, separately for each position of the other axes: NumPy's put_along_axis. Of
 * updates at the same index the last remains; those at an index out of range are dropped. What is replaced has gradient 0.
 * @param x `[…, n, …]`, any dtype
 * @param indices int32 `[…, k, …]`: x's shape, but for the length of the axis
 * @param updates x's dtype, the shape of the indices
 * @throws ShapeError when the shapes differ beside the axis, or updates and indices differ
 */
export function putAlong(x: Tensor, indices: Tensor, updates: Tensor, axis = -1): Tensor {
  checkUpdates('putAlong', x, indices, updates);
  const at = checkAlong('putAlong', x, indices, axis);
  checkSameShape('putAlong', indices, updates);
  const { kept, from } = lastOfEqual(moveAxis(indices, at, -1));
  const length = x.shape[at]!;
  const touched = greater(scatterAlongLast(kept, onesLike(kept), length), 0);
  return asNumbers(x, updates, (numbers, values) => {
    const put = scatterAlongLast(kept, takeAlongLast(moveAxis(values, at, -1), from), length);
    return moveAxis(where(touched, put, moveAxis(numbers, at, -1)), -1, at);
  });
}

/**
 * x with updates added to elements at their index along an axis, separately for each position of the other axes. Updates at the same index add up;
 * those at an index out of range are dropped.
 * @param x float32 or int32 `[…, n, …]`
 * @param indices int32 `[…, k, …]`: x's shape, but for the length of the axis
 * @param updates x's dtype, the shape of the indices
 * @throws ShapeError when the shapes differ beside the axis, or updates and indices differ
 */
export function scatterAddAlong(x: Tensor, indices: Tensor, updates: Tensor, axis = -1): Tensor {
  checkUpdates('scatterAddAlong', x, indices, updates);
  if (!isNumeric(x.dtype)) throw new DTypeError(`scatterAddAlong: ${x.dtype} has no sum; cast it to int32 or float32`);
  const at = checkAlong('scatterAddAlong', x, indices, axis);
  checkSameShape('scatterAddAlong', indices, updates);
  const sums = scatterAlongLast(moveAxis(indices, at, -1), moveAxis(updates, at, -1), x.shape[at]!);
  return add(x, moveAxis(sums, -1, at));
}

function checkSameShape(op: string, indices: Tensor, updates: Tensor): void {
  if (!sameShape(indices.shape, updates.shape))
    throw new ShapeError(`${op}: indices ${formatShape(indices.shape)} and updates ${formatShape(updates.shape)} differ`);
}
