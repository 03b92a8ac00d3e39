// Counting values, and finding their place among others.

import * as check from '../contract/checks.ts';
import { isNumeric } from '../contract/dtype.ts';
import { DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import { checkTensor, checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { minimum, mul, sub } from './arithmetic.ts';
import { cast } from './cast.ts';
import { greaterEqual, less, lessEqual, logicalAnd } from './comparison.ts';
import { fillAt, onesLike } from './fill.ts';
import { checkIndices, scattered } from './gather.ts';
import { checkFloats } from './operands.ts';
import { expandDims, reshape } from './reshape.ts';
import { where } from './select.ts';
import { sum } from './sum.ts';
import { floor } from './unary.ts';

/** What to count, and how far. */
export interface BinCountOptions {
  /** The number of bins: values from 0 to length - 1 are counted. */
  readonly length: number;
  /** What each value adds to its bin, float32 or int32 of x's shape. Default 1. */
  readonly weights?: Tensor | undefined;
}

const BIN_COUNT: OptionChecks<BinCountOptions> = { length: check.required(check.natural), weights: check.tensor };

/**
 * How often each number 0 … length - 1 occurs, or the sum of its weights, which have a gradient. Others are not counted.
 * @param x int32, any shape
 * @returns `[length]`, int32 or the dtype of the weights
 * @throws ShapeError unless the weights have x's shape
 */
export function binCount(x: Tensor, options: BinCountOptions): Tensor {
  checkTensor('binCount', x);
  checkOptions('binCount', options, BIN_COUNT);
  const { length, weights = onesLike(x) } = options;
  checkTogether('binCount', [x, weights]);
  checkIndices('binCount', x);
  if (!isNumeric(weights.dtype)) throw new DTypeError(`binCount: weights must be int32 or float32, got ${weights.dtype}; cast them`);
  if (!sameShape(weights.shape, x.shape))
    throw new ShapeError(`binCount: weights ${formatShape(weights.shape)} must have the shape of x, ${formatShape(x.shape)}`);
  return scattered(reshape(x, [x.size]), reshape(weights, [x.size]), 0, length);
}

/** The bins of a histogram. */
export interface HistogramOptions {
  /** The lower bound of the first bin. */
  readonly low: number;
  /** The upper bound of the last bin, which belongs to it. */
  readonly high: number;
  /** How many bins of equal width. Default 10. */
  readonly bins?: number | undefined;
}

const HISTOGRAM: OptionChecks<HistogramOptions> = {
  low: check.required(check.finite),
  high: check.required(check.finite),
  bins: check.count,
};

/**
 * int32 `[bins]`: how many values lie in each of so many bins of equal width from low to high. Values outside and NaN are not counted. A value at a
 * bound, up to rounding, counts for the bin above it; no gradient.
 * @param x float32, any shape
 * @throws SinapseError unless low < high
 */
export function histogram(x: Tensor, options: HistogramOptions): Tensor {
  checkTensor('histogram', x);
  checkOptions('histogram', options, HISTOGRAM);
  checkFloats('histogram', x);
  const { low, high, bins = 10 } = options;
  if (!(low < high)) throw new SinapseError(`histogram: low ${low} must be less than high ${high}`);
  const isInside = logicalAnd(greaterEqual(x, low), lessEqual(x, high));
  const bin = minimum(cast(floor(mul(sub(x, low), bins / (high - low))), 'int32'), bins - 1);
  const index = where(isInside, bin, -1);
  return scattered(reshape(index, [x.size]), fillAt(x, [x.size], 1, 'int32'), 0, bins);
}

/** Where equal numbers go. */
export interface SearchOptions {
  /** 'left': before equal ones. 'right': behind them. Default 'left'. */
  readonly side?: 'left' | 'right' | undefined;
}

const SEARCH: OptionChecks<SearchOptions> = { side: check.oneOf(['left', 'right']) };

/**
 * int32: for each value the index at which it would keep a sorted vector in order: the number of elements less than it (for 'right', or equal to
 * it). It compares each value with each element.
 * @param sorted float32 or int32 `[n]`, in ascending order
 * @param values the same dtype, any shape
 * @throws ShapeError unless `sorted` is a vector
 */
export function searchSorted(sorted: Tensor, values: Tensor, options: SearchOptions = {}): Tensor {
  checkTogether('searchSorted', [sorted, values]);
  checkOptions('searchSorted', options, SEARCH);
  if (sorted.dtype !== values.dtype)
    throw new DTypeError(`searchSorted: ${sorted.dtype} and ${values.dtype} differ in dtype; cast one of them`);
  if (sorted.shape.length !== 1) throw new ShapeError(`searchSorted: takes a sorted vector, got shape ${formatShape(sorted.shape)}`);
  const comes = options.side === 'right' ? lessEqual : less;
  return sum(cast(comes(sorted, expandDims(values, -1)), 'int32'), { axis: -1 });
}
