// Running extremes along an axis.

import { stopGradient } from '../autodiff/stop.ts';
import * as check from '../contract/checks.ts';
import { isFloat, isNumeric } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { lastLength, normalizeAxis } from '../contract/shape.ts';
import { fused } from '../fused/fused.ts';
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

function cumulativeExtreme(op: string, better: ReturnType<typeof betterOf>, x: Tensor, options: CumulativeExtremeOptions = {}): Sorted {
  checkTensor(op, x);
  checkOptions(op, options, CUMULATIVE_EXTREME);
  if (!isNumeric(x.dtype)) throw new DTypeError(`${op}: takes float32 or int32, got ${x.dtype}; cast it`);
  if (x.shape.length === 0) throw new ShapeError(`${op}: a scalar has no order`);
  const { axis = -1, reverse = false } = options;
  const at = normalizeAxis(op, axis, x.shape.length);
  const last = moveAxis(x, at, -1);
  const turned = (t: Tensor): Tensor => (reverse ? flip(t, -1) : t);
  const found = turned(extremesOfLast(turned(stopGradient(last)), better));
  const indices = reverse ? sub(lastLength(last.shape)! - 1, found) : found;
  return { values: moveAxis(takeAlongLast(last, indices), -1, at), indices: moveAxis(indices, -1, at) };
}

/** The better of an element and what came before it, with its index, as one kernel. An index of -1 means that nothing came before. */
function betterOf(beats: Comparison) {
  return fused((own: Tensor, index: Tensor, earlier: Tensor, earlierIndex: Tensor) => {
    const wins = beats(own, earlier);
    const isBetter = isFloat(own.dtype) ? logicalOr(wins, logicalAnd(isNaN(own), logicalNot(isNaN(earlier)))) : wins;
    const isEarlier = logicalAnd(greaterEqual(earlierIndex, 0), logicalNot(isBetter));
    return [where(isEarlier, earlier, own), where(isEarlier, earlierIndex, index)] as const;
  });
}

/** For each element, the index of the first extreme among it and those before it; the first NaN, if there is one. */
function extremesOfLast(x: Tensor, better: ReturnType<typeof betterOf>): Tensor {
  const length = lastLength(x.shape)!;
  const start = [x, broadcastTo(rangeAt(x, length), x.shape)] as const;
  return scanLast(start, length, ([own, index], step) => better(own, index, shiftedLast(own, step, 0), shiftedLast(index, step, -1)))[1];
}

const larger = betterOf(greater);
const smaller = betterOf(less);

/**
 * The largest of each element and all before it, along an axis, and its index: of equal elements that met first, or the first NaN.
 * @param x float32 or int32
 * @throws ShapeError for a scalar, or when the axis is out of range
 */
export function cumulativeMax(x: Tensor, options?: CumulativeExtremeOptions): Sorted {
  return cumulativeExtreme('cumulativeMax', larger, x, options);
}

/**
 * The smallest of each element and all before it, along an axis, and its index: of equal elements that met first, or the first NaN.
 * @param x float32 or int32
 * @throws ShapeError for a scalar, or when the axis is out of range
 */
export function cumulativeMin(x: Tensor, options?: CumulativeExtremeOptions): Sorted {
  return cumulativeExtreme('cumulativeMin', smaller, x, options);
}
