// AdaDelta makes steps of the size of its earlier steps, so that they have the parameter's unit.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { add, check, checkOptions, div, mul, sqrt, square, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

export interface AdaDeltaOptions extends CommonOptions {
  /** Decay of the two running means of squares, within [0, 1). Default 0.9. */
  readonly rho?: number;
  /** Added to both mean squares under their roots; the first steps are of its size. > 0. Default 1e-6. */
  readonly epsilon?: number;
}

/** The default learning rate of `adaDelta`: that of the paper, which has none. */
export const ADADELTA_LEARNING_RATE = 1;

const CHECKS: OptionChecks<AdaDeltaOptions> = { ...COMMON_OPTIONS, rho: check.fraction, epsilon: check.positive };

type AdaDeltaState = { readonly param: Tensor; readonly v: Tensor; readonly delta: Tensor };

/**
 * AdaDelta: v = rho v + (1 - rho) g², Δ = √(u + epsilon) / √(v + epsilon) g, u = rho u + (1 - rho) Δ², parameter -= learningRate Δ, where g is
 * the gradient plus weightDecay times the parameter. The slot `delta` holds u. Zeiler 2012, algorithm 1.
 * @param options by default, `learningRate` is 1
 * @throws SinapseError when an option is unknown or out of range
 */
export function adaDelta(options: AdaDeltaOptions = {}): SlotOptimizer {
  checkOptions('adaDelta', options, CHECKS);
  const { learningRate = ADADELTA_LEARNING_RATE, rho = 0.9, epsilon = 1e-6 } = options;
  return slotOptimizer<AdaDeltaState, 'rate'>(
    'adaDelta',
    { ...options, learningRate },
    {
      slots: ['v', 'delta'],
      scalars: (cells) => ({ rate: cells.learningRate }),
      formula: (state, grad, { rate }) => {
        const v = add(mul(state.v, rho), mul(square(grad), 1 - rho));
        const change = mul(div(sqrt(add(state.delta, epsilon)), sqrt(add(v, epsilon))), grad);
        const delta = add(mul(state.delta, rho), mul(square(change), 1 - rho));
        return { param: sub(state.param, mul(change, rate)), v, delta };
      },
    },
  );
}
