// Losses of regression: the prediction is a number, not a class.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { abs, check, checkOptions, fused, lessEqual, mul, square, sub, sum, where } from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, reduced, targetOf } from './reduction.ts';

export interface MeanSquaredErrorOptions {
  /**
   * `mean` or `sum` over all elements, or `halfMean`: 1/(2m) Σ (prediction - target)², where m is the number of examples; textbooks use it
   * because its gradient is simple. Default `mean`.
   */
  readonly reduction?: 'mean' | 'sum' | 'halfMean';
}

const MEAN_SQUARED_ERROR: OptionChecks<MeanSquaredErrorOptions> = { reduction: check.oneOf(['mean', 'sum', 'halfMean']) };

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
  return reduction === 'halfMean' ? mul(sum(errors), 0.5 / (prediction.shape[0] ?? 1)) : reduced(errors, { reduction });
}

/**
 * |prediction - target|: outliers affect it less than the square.
 * @param prediction float32 `[batch, …]`
 * @param target numbers of the same shape; integers and booleans are cast to float32
 * @returns a scalar: the mean over all elements, or their sum
 */
export function meanAbsoluteError(prediction: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkOptions('meanAbsoluteError', options, REDUCTION);
  return reduced(abs(sub(prediction, targetOf('meanAbsoluteError', prediction, target))), options);
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
  return reduced(huberErrors(prediction, targetOf('huber', prediction, target), delta, delta / 2), options);
}

const huberErrors = fused((prediction: Tensor, target: Tensor, delta: number, half: number) => {
  const error = sub(prediction, target);
  const size = abs(error);
  return where(lessEqual(size, delta), mul(square(error), 0.5), mul(sub(size, half), delta));
});
