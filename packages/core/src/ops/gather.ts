// Picking slices by index, and adding slices at indices: each is the other's gradient.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import * as check from '../contract/checks.ts';
import { hostRange, isNumeric } from '../contract/dtype.ts';
import type { TensorMaker } from '../tensor/tensor-maker.ts';
import { BackendError, DTypeError, ShapeError } from '../contract/errors.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkValue } from '../contract/options.ts';
import { checkShape, formatShape, lastLength, lengthsOf, normalizeAxis, sameShape, sizeOf } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import { checkMaker, checkTensor, checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { writeAt } from '../tensor/write.ts';
import { add } from './arithmetic.ts';
import { cast } from './cast.ts';
import { equal, greaterEqual, less, logicalAnd } from './comparison.ts';
import { expandDims, reshape } from './reshape.ts';
import { where } from './select.ts';
import { moveAxis } from './transpose.ts';

export function checkIndices(op: string, indices: Spec): void {
  if (indices.dtype !== 'int32') throw new DTypeError(`${op}: indices must be int32, got ${indices.dtype}; cast them`);
}

export const gatherKernel: KernelDefinition<'gather', Tensor> = defineKernel({
  name: 'gather',
  moves: true,
  infer: ({ x, indices }, { axis }) => {
    checkIndices('gather', indices);
    const shape = [...lengthsOf(x.shape, 0, axis), ...indices.shape, ...lengthsOf(x.shape, axis + 1)];
    checkShape('gather', shape);
    return { y: specOf(x.dtype, shape) };
  },
});

export const scatterAddKernel: KernelDefinition<'scatterAdd', Tensor> = defineKernel({
  name: 'scatterAdd',
  infer: ({ indices, updates }, { axis, size }) => {
    checkIndices('scatterAdd', indices);
    if (!isNumeric(updates.dtype)) throw new DTypeError(`scatterAdd: ${updates.dtype} has no sum; cast the updates to int32 or float32`);
    const end = axis + indices.shape.length;
    if (!sameShape(lengthsOf(updates.shape, axis, end), indices.shape)) {
      throw new ShapeError(
        `scatterAdd: updates ${formatShape(updates.shape)} must have the shape of the indices ${formatShape(indices.shape)} from axis ${axis} on`,
      );
    }
    return { y: specOf(updates.dtype, [...lengthsOf(updates.shape, 0, axis), size, ...lengthsOf(updates.shape, end)]) };
  },
});

const gatherRule: Rule<'gather'> = {
  kernel: gatherKernel,
  save: ['indices'],
  gradient: ({ d, saved, specs, attrs }) => ({ x: d.y && scattered(saved.indices, d.y, attrs.axis, specs.x.shape[attrs.axis]!) }),
};

const scatterAddRule: Rule<'scatterAdd'> = {
  kernel: scatterAddKernel,
  save: ['indices'],
  gradient: ({ d, saved, attrs }) => ({ updates: d.y && gatherInside(d.y, saved.indices, attrs.axis) }),
};

/** `gather`, but with 0 for an index out of range: its update was dropped, so the gradient of that update is 0. */
function gatherInside(y: Tensor, indices: Tensor, axis: number): Tensor {
  const inside = logicalAnd(greaterEqual(indices, 0), less(indices, y.shape[axis]!));
  return where(reshape(inside, [...indices.shape, ...y.shape.slice(axis + 1).map(() => 1)]), gather(y, indices, axis), 0);
}

/** Zeros with updates added at indices along an axis of the given length. */
export function scattered(indices: Tensor, updates: Tensor, axis: number, size: number): Tensor {
  return apply(scatterAddRule, { indices, updates }, { axis, size }, NO_SCALARS, updates).y;
}

/**
 * Slices of x, picked by index along an axis. The axes of `indices` replace that axis. An index out of range gives NaN (0 for integers).
 * @param indices int32, any shape
 */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  checkTensor('gather', x);
  checkTensor('gather', indices);
  return apply(gatherRule, { x, indices }, { axis: normalizeAxis('gather', axis, x.shape.length) }, NO_SCALARS, x).y;
}

/**
 * x with updates added at indices along an axis. Updates at the same index add up; those at an index out of range are dropped.
 * @param updates `x.shape[..axis] + indices.shape + x.shape[axis + 1..]`
 */
export function scatterAdd(x: Tensor, indices: Tensor, updates: Tensor, axis = 0): Tensor {
  checkTensors('scatterAdd', [x, indices, updates]);
  const at = normalizeAxis('scatterAdd', axis, x.shape.length);
  const y = scattered(indices, updates, at, x.shape[at]!);
  if (!sameShape(y.shape, x.shape))
    throw new ShapeError(`scatterAdd: updates ${formatShape(updates.shape)} do not fit ${formatShape(x.shape)} at axis ${at}`);
  return add(x, y);
}

/** @throws BackendError unless the backend's integers are exact below `count` */
export function checkExact(op: string, { backend }: TensorMaker, count: number): void {
  const limit = backend.info.exactIntegerLimit;
  if (count > limit)
    throw new BackendError(`${op}: needs integers up to ${count - 1}, the backend ${backend.name} has them exact below ${limit}`);
}

/**
 * int32 0, 1, …, count - 1, on the backend of `maker`.
 * @throws BackendError beyond the backend's `exactIntegerLimit`
 */
export function rangeAt(maker: TensorMaker, count: number): Tensor {
  checkMaker('rangeAt', maker);
  checkShape('rangeAt', [count]);
  checkExact('range', maker, count);
  return writeAt(maker, specOf('int32', [count]), hostRange(count));
}

/**
 * Turns indices along the last axis into indices of the flattened tensor: adds i n to row i of `[rows, k]`. An index outside [0, n) becomes -1,
 * which is outside there too; otherwise it would be inside a neighbouring row.
 */
export function flatIndices(indices: Tensor, rows: number, n: number): Tensor {
  checkExact('gather', indices, rows * n);
  const start = writeAt(indices, specOf('int32', [rows, 1]), hostRange(rows, n));
  const inRows = reshape(indices, [rows, rows === 0 ? 0 : -1]);
  return where(logicalAnd(greaterEqual(inRows, 0), less(inRows, n)), add(inRows, start), -1);
}

/**
 * Elements by their index along an axis, separately for each position of the other axes: NumPy's take_along_axis. As in `gather`, an index
 * outside [0, n) gives NaN (0 for integers).
 * @param x `[…, n, …]`
 * @param indices int32 `[…, k, …]`: x's shape, but for the length of the axis
 * @returns `[…, k, …]`
 * @throws ShapeError when the shapes differ beside the axis
 */
export function takeAlong(x: Tensor, indices: Tensor, axis = -1): Tensor {
  checkTensor('takeAlong', x);
  checkTensor('takeAlong', indices);
  checkIndices('takeAlong', indices);
  const at = checkAlong('takeAlong', x, indices, axis);
  return moveAxis(takeAlongLast(moveAxis(x, at, -1), moveAxis(indices, at, -1)), -1, at);
}

/** The axis, counted from the front. @throws ShapeError when it is out of range, or the shapes differ beside it */
export function checkAlong(op: string, x: Spec, indices: Spec, axis: number): number {
  const at = normalizeAxis(op, axis, x.shape.length);
  if (indices.shape.length !== x.shape.length || x.shape.some((length, i) => i !== at && length !== indices.shape[i]))
    throw new ShapeError(`${op}: x ${formatShape(x.shape)} and indices ${formatShape(indices.shape)} differ beside axis ${at}`);
  return at;
}

/** `takeAlong` the last axis. The arguments have been checked. */
export function takeAlongLast(x: Tensor, indices: Tensor): Tensor {
  const rows = sizeOf(lengthsOf(x.shape, 0, x.shape.length - 1));
  return reshape(gather(reshape(x, [x.size]), flatIndices(indices, rows, lastLength(x.shape)!)), indices.shape);
}

/** The gradient of `takeAlongLast`: zeros `[…, n]` with the updates `[…, k]` added at their indices; those outside [0, n) are dropped. */
export function scatterAlongLast(indices: Tensor, updates: Tensor, n: number): Tensor {
  const batch = lengthsOf(indices.shape, 0, indices.shape.length - 1);
  const rows = sizeOf(batch);
  const flat = flatIndices(indices, rows, n);
  return reshape(scattered(flat, reshape(updates, flat.shape), 0, rows * n), [...batch, n]);
}

/**
 * 1 at each index and 0 elsewhere, along a new last axis. An index outside [0, classes) gives a row of zeros.
 * @param indices int32
 * @returns float32 `[…, classes]`
 */
export function oneHot(indices: Tensor, classes: number): Tensor {
  checkTensor('oneHot', indices);
  checkValue('oneHot', classes, check.integer(0, 2 ** 31 - 1), 'classes');
  checkIndices('oneHot', indices);
  return cast(equal(expandDims(indices, -1), rangeAt(indices, classes)), 'float32');
}
