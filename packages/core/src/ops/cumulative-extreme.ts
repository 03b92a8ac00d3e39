// Running extremes along an axis.

import { stopGradient } from '../autodiff/stop.ts';
import * as check from '../contract/checks.ts';
import { isFloat, isNumeric } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { lastLength, normalizeAxis } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { sub } from './arithmetic.ts';
import { greater, greaterEqual, less, logicalAnd, logicalOr } from './comparison.ts';
import { rangeAt, takeAlongLast } from './gather.ts';
import { scanLast, shiftedLast } from './scan.ts';
import { where } from './select.ts';
import { flip } from './slice.ts';
import type { Sorted } from './sort.ts';
import { broadcastTo } from './sum.ts';
import { moveAxis } from './transpose.ts';
import { isNaN, logicalNot } from './unary.ts';

/** Where to look for extremes. */
export interface CumulativeExtremeOptions {
  /** The axis; a negative one counts from the back. Default: the last. */
  readonly axis?: number | undefined;
  /** Whether to begin at the end. Default false. */
  readonly reverse?: boolean | undefined;
}

const CUMULATIVE_EXTREME: OptionChecks<CumulativeExtremeOptions> = { axis: check.axis, reverse: check.flag };

type Comparison = (a: Tensor, b: Tensor) => Tensor;

function cumulativeExtreme(op: string, beats: Comparison, x: Tensor, options: CumulativeExtremeOptions = {}): Sorted {
  checkTensor(op, x);
  checkOptions(op, options, CUMULATIVE_EXTREME);
  if (!isNumeric(x.dtype)) throw new DTypeError(`${op}: takes float32 or int32, got ${x.dtype}; cast it`);
  if (x.shape.length === 0) throw new ShapeError(`${op}: a scalar has no order`);
  const { axis = -1, reverse = false } = options;
  const at = normalizeAxis(op, axis, x.shape.length);
  const last = moveAxis(x, at, -1);
  const turned = (t: Tensor): Tensor => (reverse ? flip(t, -1) : t);
  const found = turned(extremesOfLast(turned(stopGradient(last)), beats));
  const indices = reverse ? sub(lastLength(last.shape)! - 1, found) : found;
  return { values: moveAxis(takeAlongLast(last, indices), -1, at), indices: moveAxis(indices, -1, at) };
}

/** For each element, the index of the first extreme among it and those before it; the first NaN, if there is one. */
function extremesOfLast(x: Tensor, beats: Comparison): Tensor {
  const length = lastLength(x.shape)!;
  const indices = broadcastTo(rangeAt(x, length), x.shape);
  return scanLast({ values: x, indices }, length, (own, step) => {
    const earlier = { values: shiftedLast(own.values, step, 0), indices: shiftedLast(own.indices, step, -1) };
    let isBetter = beats(own.values, earlier.values);
    if (isFloat(x.dtype)) isBetter = logicalOr(isBetter, logicalAnd(isNaN(own.values), logicalNot(isNaN(earlier.values))));
    const isEarlier = logicalAnd(greaterEqual(earlier.indices, 0), logicalNot(isBetter)); // index -1: nothing is so far back
    return {
      values: where(isEarlier, earlier.values, own.values),
      indices: where(isEarlier, earlier.indices, own.indices),
    };
  }).indices;
}

/**
 * The largest of each element and all before it, along an axis, and its index: of equal elements that met first, or the first NaN.
 * @param x float32 or int32
 * @throws ShapeError for a scalar, or when the axis is out of range
 */
export function cumulativeMax(x: Tensor, options?: CumulativeExtremeOptions): Sorted {
  return cumulativeExtreme('cumulativeMax', greater, x, options);
}

/**
 * The smallest of each element and all before it, along an axis, and its index: of equal elements that met first, or the first NaN.
 * @param x float32 or int32
 * @throws ShapeError for a scalar, or when the axis is out of range
 */
export function cumulativeMin(x: Tensor, options?: CumulativeExtremeOptions): Sorted {
  return cumulativeExtreme('cumulativeMin', less, x, options);
}
