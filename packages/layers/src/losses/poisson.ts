// The loss of counts.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { check, checkOptions, equal, exp, fused, log, mul, sub, where } from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, reduced, targetOf } from './reduction.ts';

export interface PoissonOptions extends ReductionOptions {
  /** Whether the prediction is the `logRate`, any number, or the `rate`, >= 0. Default `logRate`. */
  readonly from?: 'logRate' | 'rate';
}

const POISSON: OptionChecks<PoissonOptions> = { ...REDUCTION, from: check.oneOf(['logRate', 'rate']) };

/**
 * λ - target ln λ: the negative logarithm of the Poisson probability of a count at the rate λ, without ln(target!), which does not depend on the
 * prediction.
 * @param prediction float32 `[batch, …]`: ln λ, or λ
 * @param target counts >= 0 of the same shape; integers are cast to float32
 * @returns a scalar: the mean over all elements, or their sum
 */
export function poisson(prediction: Tensor, target: Tensor, options: PoissonOptions = {}): Tensor {
  checkOptions('poisson', options, POISSON);
  const costs = options.from === 'rate' ? ofRate : ofLogRate;
  return reduced('poisson', costs(prediction, targetOf('poisson', prediction, target)), options);
}

const ofLogRate = fused((logRate: Tensor, target: Tensor) => sub(exp(logRate), mul(target, logRate)));

const ofRate = fused((rate: Tensor, target: Tensor) => {
  const none = equal(target, 0); // a count of 0 is certain at the rate 0, whose logarithm is infinite
  return sub(rate, where(none, 0, mul(target, log(where(none, 1, rate)))));
});
