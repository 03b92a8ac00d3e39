// Nadam is Adam with Nesterov's momentum.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { add, check, checkOptions, derivedCell, div, mul, sqrt, square, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

export interface NadamOptions extends CommonOptions {
  /** Decay of the running mean of gradients, within [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients, within [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the divisor to keep the quotient finite, > 0. Default 1e-8. */
  readonly epsilon?: number;
  /** How fast the momentum rises from half of `beta1` towards it, >= 0. Default 0.004. */
  readonly momentumDecay?: number;
}

/** The default learning rate of `nadam`. */
export const NADAM_LEARNING_RATE = 0.002;

const CHECKS: OptionChecks<NadamOptions> = {
  ...COMMON_OPTIONS,
  beta1: check.fraction,
  beta2: check.fraction,
  epsilon: check.positive,
  momentumDecay: check.notNegative,
};

type NadamState = { readonly param: Tensor; readonly m: Tensor; readonly v: Tensor };

/**
 * Nadam: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g², and with the momentum μ_t = beta1 (1 - 0.96^(t momentumDecay) / 2),
 * parameter -= learningRate (μ_(t+1) m / (1 - μ_1 … μ_(t+1)) + (1 - μ_t) g / (1 - μ_1 … μ_t)) / (√v̂ + epsilon), where v̂ = v / (1 - beta2^t) and
 * g is the gradient plus weightDecay times the parameter. Dozat 2016, algorithm 2.
 * @param options by default, `learningRate` is 0.002
 * @throws SinapseError when an option is unknown or out of range
 */
export function nadam(options: NadamOptions = {}): SlotOptimizer {
  checkOptions('nadam', options, CHECKS);
  const { learningRate = NADAM_LEARNING_RATE, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentumDecay = 0.004 } = options;
  const momentumAt = (step: number): number => beta1 * (1 - 0.96 ** (step * momentumDecay) / 2);
  const product = runningProduct(momentumAt);
  return slotOptimizer<NadamState, 'ofGradient' | 'ofMean' | 'correction'>(
    'nadam',
    { ...options, learningRate },
    {
      slots: ['m', 'v'],
      scalars: ({ learningRate: rate, step }) => ({
        ofGradient: derivedCell(() => (rate.value * (1 - momentumAt(step.value))) / (1 - product(step.value))),
        ofMean: derivedCell(() => (rate.value * momentumAt(step.value + 1)) / (1 - product(step.value) * momentumAt(step.value + 1))),
        correction: derivedCell(() => 1 / Math.sqrt(1 - beta2 ** step.value)),
      }),
      formula: (state, grad, { ofGradient, ofMean, correction }) => {
        const m = add(state.m, mul(sub(grad, state.m), 1 - beta1));
        const v = add(state.v, mul(sub(square(grad), state.v), 1 - beta2));
        const direction = add(mul(grad, ofGradient), mul(m, ofMean));
        return { param: sub(state.param, div(direction, add(mul(sqrt(v), correction), epsilon))), m, v };
      },
    },
  );
}

/** The product of a function's values at 1, 2, … up to a step. It goes on from the last step asked for, and begins again for an earlier one. */
function runningProduct(factor: (step: number) => number): (step: number) => number {
  let [at, product] = [0, 1];
  return (step) => {
    if (step < at) [at, product] = [0, 1];
    while (at < step) product *= factor(++at);
    return product;
  };
}
