// RMSProp divides each step by the root of a running mean of squared gradients.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { add, check, checkOptions, div, maximum, mul, sqrt, square, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

export interface RmsPropOptions extends CommonOptions {
  /** Decay of the running means, within [0, 1). Default 0.9. */
  readonly rho?: number;
  /** The part of the last step that is kept, within [0, 1). Default 0. */
  readonly momentum?: number;
  /** Whether to divide by an estimate of the gradient's standard deviation, the mean square less the squared mean. Default false. */
  readonly centered?: boolean;
  /** Added to the divisor to keep the quotient finite, > 0. Default 1e-8. */
  readonly epsilon?: number;
}

/** The default learning rate of `rmsProp`. */
export const RMSPROP_LEARNING_RATE = 0.001;

const CHECKS: OptionChecks<RmsPropOptions> = {
  ...COMMON_OPTIONS,
  rho: check.fraction,
  momentum: check.fraction,
  centered: check.flag,
  epsilon: check.positive,
};

type RmsPropState = { readonly param: Tensor; readonly v: Tensor; readonly mean?: Tensor; readonly velocity?: Tensor };

/**
 * RMSProp: v = rho v + (1 - rho) g², parameter -= learningRate g / (√v + epsilon), where g is the gradient plus weightDecay times the
 * parameter. Tieleman, Hinton 2012, lecture 6e. With `centered`, √(v - mean²) instead of √v: Graves 2013, eq. 38 to 45. With `momentum`, the
 * quotients are added up: u = momentum u + g / (√v + epsilon), parameter -= learningRate u.
 * @param options by default, `learningRate` is 0.001
 * @throws SinapseError when an option is unknown or out of range
 */
export function rmsProp(options: RmsPropOptions = {}): SlotOptimizer {
  checkOptions('rmsProp', options, CHECKS);
  const { learningRate = RMSPROP_LEARNING_RATE, rho = 0.9, momentum = 0, centered = false, epsilon = 1e-8 } = options;
  return slotOptimizer<RmsPropState, 'rate'>(
    'rmsProp',
    { ...options, learningRate },
    {
      slots: ['v', ...(centered ? (['mean'] as const) : []), ...(momentum > 0 ? (['velocity'] as const) : [])],
      scalars: (cells) => ({ rate: cells.learningRate }),
      formula: (state, grad, { rate }) => {
        const v = add(mul(state.v, rho), mul(square(grad), 1 - rho));
        const mean = state.mean && add(state.mean, mul(sub(grad, state.mean), 1 - rho));
        // Rounding can make the difference negative where all gradients were equal.
        const variance = mean === undefined ? v : maximum(sub(v, square(mean)), 0);
        const quotient = div(grad, add(sqrt(variance), epsilon));
        const velocity = state.velocity && add(mul(state.velocity, momentum), quotient);
        const param = sub(state.param, mul(velocity ?? quotient, rate));
        return { param, v, ...(mean && { mean }), ...(velocity && { velocity }) };
      },
    },
  );
}
