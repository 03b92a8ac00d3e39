// Adamax is Adam with the largest gradient, which decays, in place of the root of the mean square.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { abs, add, check, checkOptions, derivedCell, div, maximum, mul, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

export interface AdamaxOptions extends CommonOptions {
  /** Decay of the running mean of gradients, within [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the largest gradient, within [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the gradient's magnitude to keep the quotient finite, > 0. Default 1e-8. */
  readonly epsilon?: number;
}

/** The default learning rate of `adamax`. */
export const ADAMAX_LEARNING_RATE = 0.002;

const CHECKS: OptionChecks<AdamaxOptions> = {
  ...COMMON_OPTIONS,
  beta1: check.fraction,
  beta2: check.fraction,
  epsilon: check.positive,
};

type AdamaxState = { readonly param: Tensor; readonly m: Tensor; readonly largest: Tensor };

/**
 * Adamax: m = beta1 m + (1 - beta1) g, u = max(beta2 u, |g| + epsilon), parameter -= learningRate / (1 - beta1^step) m / u, where g is the
 * gradient plus weightDecay times the parameter. The slot `largest` holds u. Kingma, Ba 2015, algorithm 2.
 * @param options by default, `learningRate` is 0.002
 * @throws SinapseError when an option is unknown or out of range
 */
export function adamax(options: AdamaxOptions = {}): SlotOptimizer {
  checkOptions('adamax', options, CHECKS);
  const { learningRate = ADAMAX_LEARNING_RATE, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return slotOptimizer<AdamaxState, 'stepSize'>(
    'adamax',
    { ...options, learningRate },
    {
      slots: ['m', 'largest'],
      scalars: ({ learningRate: rate, step }) => ({ stepSize: derivedCell(() => rate.value / (1 - beta1 ** step.value)) }),
      formula: (state, grad, { stepSize }) => {
        const m = add(state.m, mul(sub(grad, state.m), 1 - beta1));
        const largest = maximum(mul(state.largest, beta2), add(abs(grad), epsilon));
        return { param: sub(state.param, mul(div(m, largest), stepSize)), m, largest };
      },
    },
  );
}
