// Losses of regression: the prediction is a number, not a class.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { abs, add, check, checkOptions, div, exp, expm1, fused, lessEqual, log1p, mul, square, sub, where } from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, reduced, targetOf } from './reduction.ts';

export interface MeanSquaredErrorOptions extends Omit<ReductionOptions, 'reduction'> {
  /**
   * `mean` or `sum` over all elements, or `halfMean`: 1/(2m) Σ (prediction - target)², where m is the number of examples; textbooks use it
   * because its gradient is simple. Default `mean`.
   */
  readonly reduction?: 'mean' | 'sum' | 'halfMean';
}

const MEAN_SQUARED_ERROR: OptionChecks<MeanSquaredErrorOptions> = { ...REDUCTION, reduction: check.oneOf(['mean', 'sum', 'halfMean']) };

/**
 * (prediction - target)², the usual loss of regression.
 * @param prediction float32 `[batch, …]`
 * @param target numbers of the same shape; integers and booleans are cast to float32
 * @returns a scalar
 */
export function meanSquaredError(prediction: Tensor, target: Tensor, options: MeanSquaredErrorOptions = {}): Tensor {
  checkOptions('meanSquaredError', options, MEAN_SQUARED_ERROR);
  const errors = square(sub(prediction, targetOf('meanSquaredError', prediction, target)));
  const { reduction = 'mean' } = options;
  if (reduction === 'halfMean')
    return mul(reduced('meanSquaredError', errors, { ...options, reduction: 'sum' }), 0.5 / (prediction.shape[0] ?? 1));
  return reduced('meanSquaredError', errors, { ...options, reduction });
}

/**
 * |prediction - target|: outliers affect it less than the square.
 * @param prediction float32 `[batch, …]`
 * @param target numbers of the same shape; integers and booleans are cast to float32
 * @returns a scalar: the mean over all elements, or their sum
 */
export function meanAbsoluteError(prediction: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkOptions('meanAbsoluteError', options, REDUCTION);
  return reduced('meanAbsoluteError', abs(sub(prediction, targetOf('meanAbsoluteError', prediction, target))), options);
}

export interface HuberOptions extends ReductionOptions {
  /** The largest error for which the loss is quadratic, > 0. Default 1. */
  readonly delta?: number;
}

const HUBER: OptionChecks<HuberOptions> = { ...REDUCTION, delta: check.positive };

/**
 * e²/2 for errors |e| <= delta, delta (|e| - delta/2) for larger ones: quadratic near 0, linear further out. Huber 1964.
 * @param prediction float32 `[batch, …]`
 * @param target numbers of the same shape; integers and booleans are cast to float32
 * @returns a scalar: the mean over all elements, or their sum
 */
export function huber(prediction: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  checkOptions('huber', options, HUBER);
  const { delta = 1 } = options;
  return reduced('huber', huberErrors(prediction, targetOf('huber', prediction, target), delta, delta / 2), options);
}

const huberErrors = fused((prediction: Tensor, target: Tensor, delta: number, half: number) => {
  const error = sub(prediction, target);
  const size = abs(error);
  return where(lessEqual(size, delta), mul(square(error), 0.5), mul(sub(size, half), delta));
});

/**
 * ln cosh(prediction - target): e²/2 for small errors, |e| - ln 2 for large ones, and smooth everywhere.
 * @param prediction float32 `[batch, …]`
 * @param target numbers of the same shape; integers and booleans are cast to float32
 * @returns a scalar: the mean over all elements, or their sum
 */
export function logCosh(prediction: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkOptions('logCosh', options, REDUCTION);
  return reduced('logCosh', logCoshErrors(prediction, targetOf('logCosh', prediction, target)), options);
}

/** ln cosh e = ln(1 + sinh² e) / 2 keeps the digits of small errors, |e| + ln(1 + e^-2|e|) - ln 2 does not overflow for large ones. */
const logCoshErrors = fused((prediction: Tensor, target: Tensor) => {
  const error = sub(prediction, target);
  const isSmall = lessEqual(square(error), 1);
  const small = where(isSmall, error, 0);
  const grown = expm1(small); // sinh e = (grown + grown / (grown + 1)) / 2
  const sinh = mul(add(grown, div(grown, add(grown, 1))), 0.5);
  const size = where(isSmall, 1, abs(error));
  return where(isSmall, mul(log1p(square(sinh)), 0.5), sub(add(size, log1p(exp(mul(size, -2)))), Math.LN2));
});
