// Losses of regression: the prediction is a number, not a class.

import type { Tensor } from '@sinapse/core';
import { abs, check, checkValue, fused, lessEqual, mul, square, sub, sum, where } from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { checkSameShape, reduced } from './reduction.ts';

export interface MeanSquaredErrorOptions {
  /**
   * `mean` or `sum` over all elements, or `halfMean`: 1/(2m) Σ (prediction - target)², where m is the number of examples; textbooks use it
   * because its gradient is simple. Default `mean`.
   */
  readonly reduction?: 'mean' | 'sum' | 'halfMean';
}

/**
 * (prediction - target)², the usual loss of regression.
 * @param prediction float32 `[batch, …]`
 * @param target float32 of the same shape
 * @returns a scalar
 */
export function meanSquaredError(prediction: Tensor, target: Tensor, options: MeanSquaredErrorOptions = {}): Tensor {
  checkSameShape('meanSquaredError', prediction, target);
  const errors = square(sub(prediction, target));
  const { reduction = 'mean' } = options;
  return reduction === 'halfMean' ? mul(sum(errors), 0.5 / (prediction.shape[0] ?? 1)) : reduced('meanSquaredError', errors, { reduction });
}

/**
 * |prediction - target|: outliers affect it less than the square.
 * @param prediction float32 `[batch, …]`
 * @param target float32 of the same shape
 * @returns a scalar: the mean over all elements, or their sum
 */
export function meanAbsoluteError(prediction: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkSameShape('meanAbsoluteError', prediction, target);
  return reduced('meanAbsoluteError', abs(sub(prediction, target)), options);
}

export interface HuberOptions extends ReductionOptions {
  /** The largest error for which the loss is quadratic, > 0. Default 1. */
  readonly delta?: number;
}

/**
 * e²/2 for errors |e| <= delta, delta (|e| - delta/2) for larger ones: quadratic near 0, linear further out. Huber 1964.
 * @param prediction float32 `[batch, …]`
 * @param target float32 of the same shape
 * @returns a scalar: the mean over all elements, or their sum
 */
export function huber(prediction: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  const { delta = 1 } = options;
  checkValue('huber: delta', delta, check.positive);
  checkSameShape('huber', prediction, target);
  return reduced('huber', huberErrors(prediction, target, delta, delta / 2), options);
}

const huberErrors = fused((prediction: Tensor, target: Tensor, delta: number, half: number) => {
  const error = sub(prediction, target);
  const size = abs(error);
  return where(lessEqual(size, delta), mul(square(error), 0.5), mul(sub(size, half), delta));
});
