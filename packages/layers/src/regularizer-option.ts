// The options `kernelRegularizer`, `biasRegularizer` and the like of layers: penalties on large values, which training adds to the loss.

import type { Check, Context, OptionChecks, Tensor } from '@sinapse/core';
import { abs, add, check, checkOptions, div, mul, square, sum } from '@sinapse/core';

/** The strengths of the penalty l1 Σ|w| + l2 Σw²: `{ l2: 1e-4 }`, `{ l1: 1e-5 }`, or both. */
export interface Penalties {
  /** Of the sum of the magnitudes, which drives values to exactly 0; >= 0. Default 0. */
  readonly l1?: number;
  /** Of the sum of the squares, which keeps values small; >= 0. Default 0. */
  readonly l2?: number;
}

/** A penalty: strengths, or a function of the values that gives a scalar. */
export type Regularizer = Penalties | ((values: Tensor) => Tensor);

/** The check of the option; `resolveRegularizer` checks the strengths. */
export const REGULARIZER: Check = {
  expected: 'strengths, e.g. { l2: 1e-4 }, or a function',
  accepts: (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
};

/** The checks of the strengths. */
export const PENALTIES: OptionChecks<Penalties> = { l1: check.notNegative, l2: check.notNegative };

/**
 * The penalty as a function of the values; undefined where it is 0.
 * @param option its name, for messages: `dense: kernelRegularizer`
 * @throws SinapseError when a strength is unknown or out of range
 */
export function resolveRegularizer(option: string, regularizer: Regularizer | undefined): ((values: Tensor) => Tensor) | undefined {
  if (regularizer === undefined || typeof regularizer === 'function') return regularizer;
  checkOptions(option, regularizer, PENALTIES);
  const { l1 = 0, l2 = 0 } = regularizer;
  if (l1 === 0 && l2 === 0) return undefined;
  const ofMagnitudes = (values: Tensor): Tensor => mul(sum(abs(values)), l1);
  const ofSquares = (values: Tensor): Tensor => mul(sum(square(values)), l2);
  if (l1 === 0) return ofSquares;
  return l2 === 0 ? ofMagnitudes : (values) => add(ofMagnitudes(values), ofSquares(values));
}

/**
 * Returns a result of a layer. In training, tells the context the penalty on it, for one example on average.
 * @param penalty as `resolveRegularizer` gives it
 * @param y `[batch, …]`
 */
export function penalised(penalty: ((values: Tensor) => Tensor) | undefined, y: Tensor, context: Context | undefined): Tensor {
  if (penalty !== undefined && context?.training === true) context.penalise(div(penalty(y), Math.max(1, y.shape[0] ?? 1)));
  return y;
}
