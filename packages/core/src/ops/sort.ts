// Sorting along an axis, and the k largest elements.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import * as check from '../contract/checks.ts';
import { isFloat, isNumeric } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { formatShape, lastLength, lengthsOf, normalizeAxis } from '../contract/shape.ts';
import { shown } from '../contract/shown.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { cast } from './cast.ts';
import { equal, greater, less, logicalAnd, logicalOr } from './comparison.ts';
import { rangeAt, scatterAlongLast, takeAlongLast } from './gather.ts';
import { expandDims } from './reshape.ts';
import { where } from './select.ts';
import { slice } from './slice.ts';
import { sum } from './sum.ts';
import { moveAxis } from './transpose.ts';
import { isNaN, logicalNot } from './unary.ts';

function checkOrdered(op: string, { dtype }: Spec): void {
  if (!isNumeric(dtype)) throw new DTypeError(`${op}: takes float32 or int32, got ${dtype}; cast it`);
}

export const sortKernel: KernelDefinition<'sort', Tensor> = defineKernel({
  name: 'sort',
  infer: ({ x }) => {
    checkOrdered('sort', x);
    if (x.shape.length === 0) throw new ShapeError('sort: a scalar has no order');
    return { values: specOf(x.dtype, x.shape), indices: specOf('int32', x.shape) };
  },
  // The rank of an element is the number of elements that come before it: smaller ones, and equal ones with a lower index. n² comparisons.
  lower: ({ x }, { descending }) => {
    const n = lastLength(x.shape)!;
    const index = rangeAt(x, n);
    const own = expandDims(x, -1);
    const other = expandDims(x, -2);
    let before = descending ? greater(other, own) : less(other, own);
    let same = equal(other, own);
    if (isFloat(x.dtype)) {
      before = logicalOr(before, logicalAnd(logicalNot(isNaN(other)), isNaN(own))); // NaN comes last
      same = logicalOr(same, logicalAnd(isNaN(other), isNaN(own)));
    }
    const earlier = less(index, expandDims(index, 1));
    const rank = sum(cast(logicalOr(before, logicalAnd(same, earlier)), 'int32'), { axis: -1 }); // [..., n]
    const holds = equal(expandDims(rank, -2), expandDims(index, 1)); // [..., rank, element]
    const indices = sum(where(holds, index, 0), { axis: -1 });
    return { values: takeAlongLast(x, indices), indices };
  },
});

const sortRule: Rule<'sort'> = {
  kernel: sortKernel,
  save: ['indices'],
  gradient: ({ d, saved, specs }) => ({ x: d.values && scatterAlongLast(saved.indices, d.values, lastLength(specs.x.shape)!) }),
};

/** Values in order, and the index that each had. */
export interface Sorted {
  readonly values: Tensor;
  /** int32 indices in x along the axis. */
  readonly indices: Tensor;
}

/** How to sort. */
export interface SortOptions {
  /** The axis; a negative one counts from the back. Default: the last. */
  readonly axis?: number | undefined;
  /** Whether the largest comes first. Default false. */
  readonly descending?: boolean | undefined;
}

const SORT: OptionChecks<SortOptions> = { axis: check.axis, descending: check.flag };

/**
 * x in ascending (or descending) order along an axis. Stable; NaN comes last in both directions.
 * @param x float32 or int32
 * @throws ShapeError for a scalar, or when the axis is out of range
 */
export function sort(x: Tensor, options: SortOptions = {}): Sorted {
  return sortAs('sort', x, options);
}

/** @param op the function that a user calls */
function sortAs(op: string, x: Tensor, options: SortOptions): Sorted {
  checkTensor(op, x);
  checkOptions(op, options, SORT);
  checkOrdered(op, x);
  const axis = axisOf(op, x, options.axis);
  const last = moveAxis(x, axis, -1);
  const { values, indices } = apply(sortRule, { x: last }, { descending: options.descending ?? false }, NO_SCALARS, x);
  return { values: moveAxis(values, -1, axis), indices: moveAxis(indices, -1, axis) };
}

/**
 * int32: the index of each element that `sort` would put at its place, so that `takeAlong(x, argSort(x))` is in order.
 * @param x float32 or int32
 * @throws ShapeError for a scalar, or when the axis is out of range
 */
export function argSort(x: Tensor, options: SortOptions = {}): Tensor {
  return sortAs('argSort', x, options).indices;
}

/** Where to look for the largest. */
export interface TopKOptions {
  /** The axis; a negative one counts from the back. Default: the last. */
  readonly axis?: number | undefined;
}

const TOP_K: OptionChecks<TopKOptions> = { axis: check.axis };

/**
 * The k largest elements along an axis, largest first; of equal elements the first.
 * @param x float32 or int32
 * @throws ShapeError when k is not within 0 .. the length of the axis, or the axis is out of range
 */
export function topK(x: Tensor, k: number, options: TopKOptions = {}): Sorted {
  checkTensor('topK', x);
  checkOptions('topK', options, TOP_K);
  const axis = axisOf('topK', x, options.axis);
  const length = x.shape[axis]!;
  if (!Number.isInteger(k) || k < 0 || k > length)
    throw new ShapeError(`topK: k = ${shown(k)} is not within 0 .. ${length}, axis ${axis} of ${formatShape(x.shape)}`);
  const { values, indices } = sortAs('topK', x, { axis, descending: true });
  const first = (t: Tensor): Tensor => slice(t, [...lengthsOf(x.shape, 0, axis).map(() => null), { end: k }]);
  return { values: first(values), indices: first(indices) };
}

function axisOf(op: string, { shape }: Tensor, axis = -1): number {
  if (shape.length === 0) throw new ShapeError(`${op}: a scalar has no order`);
  return normalizeAxis(op, axis, shape.length);
}
