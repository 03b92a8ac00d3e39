// The index of the largest or smallest element.

import { dispatch } from '../dispatch/dispatch.ts';
import * as check from '../contract/checks.ts';
import { isFloat } from '../contract/dtype.ts';
import { ShapeError } from '../contract/errors.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { formatShape, normalizeAxis } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { equal, logicalOr } from './comparison.ts';
import { rangeAt } from './gather.ts';
import { reshape } from './reshape.ts';
import { where } from './select.ts';
import { max, min } from './statistics.ts';
import { reducedShape } from './sum.ts';
import { isNaN } from './unary.ts';

export const argReduceKernel: KernelDefinition<'argReduce', Tensor> = defineKernel({
  name: 'argReduce',
  called: ({ op }) => op,
  infer: ({ x }, { op, axis, keepDims }) => {
    if (x.shape[axis] === 0) throw new ShapeError(`${op}: axis ${axis} of ${formatShape(x.shape)} is empty`);
    return { y: specOf('int32', reducedShape(x.shape, [axis], keepDims)) };
  },
  lower: ({ x }, { op, axis, keepDims }) => {
    const n = x.shape[axis]!;
    const extreme = op === 'argMax' ? max(x, { axis, keepDims: true }) : min(x, { axis, keepDims: true });
    const same = equal(x, extreme);
    const attained = isFloat(x.dtype) ? logicalOr(same, isNaN(x)) : same; // the extreme of a NaN is NaN, which equals nothing
    const index = reshape(
      rangeAt(x, n),
      x.shape.map((_, i) => (i === axis ? n : 1)),
    );
    return { y: min(where(attained, index, n), { axis, keepDims }) };
  },
});

/** Where to search. */
export interface ArgReduceOptions {
  /** The axis; a negative one counts from the back. Without an axis all of x is searched, in row-major order. */
  readonly axis?: number | undefined;
  /** Whether the axis (without one, every axis) stays with length 1. Default false. */
  readonly keepDims?: boolean | undefined;
}

const ARG_REDUCE: OptionChecks<ArgReduceOptions> = { axis: check.axis, keepDims: check.flag };

function argReduce(op: 'argMax' | 'argMin', x: Tensor, options: ArgReduceOptions = {}): Tensor {
  checkTensor(op, x);
  checkOptions(op, options, ARG_REDUCE);
  const { axis, keepDims = false } = options;
  if (axis === undefined) {
    const y = dispatch(argReduceKernel, { x: reshape(x, [x.size]) }, { op, axis: 0, keepDims: false }, NO_SCALARS, x).y;
    return keepDims
      ? reshape(
          y,
          x.shape.map(() => 1),
        )
      : y;
  }
  return dispatch(argReduceKernel, { x }, { op, axis: normalizeAxis(op, axis, x.shape.length), keepDims }, NO_SCALARS, x).y;
}

/**
 * int32 index of the largest element along an axis: the first of equal elements, or the first NaN if there is one.
 * @throws ShapeError when the axis is empty
 */
export function argMax(x: Tensor, options?: ArgReduceOptions): Tensor {
  return argReduce('argMax', x, options);
}

/** int32 index of the smallest element along an axis. Ties and NaN are treated as in `argMax`. */
export function argMin(x: Tensor, options?: ArgReduceOptions): Tensor {
  return argReduce('argMin', x, options);
}
