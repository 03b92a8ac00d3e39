// RAdam makes Adam's steps smaller while its mean square rests on few gradients, and does without it in the very first steps.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { add, check, checkOptions, derivedCell, div, mul, sqrt, square, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

export interface RAdamOptions extends CommonOptions {
  /** Decay of the running mean of gradients, within [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients, within [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the divisor to keep the quotient finite, > 0. Default 1e-8. */
  readonly epsilon?: number;
}

/** The default learning rate of `radam`. */
export const RADAM_LEARNING_RATE = 0.001;

const CHECKS: OptionChecks<RAdamOptions> = { ...COMMON_OPTIONS, beta1: check.fraction, beta2: check.fraction, epsilon: check.positive };

/** The length of the average, in gradients, above which its variance is small enough to divide by. PyTorch takes 5, the paper 4. */
const LONG_ENOUGH = 5;

type RAdamState = { readonly param: Tensor; readonly m: Tensor; readonly v: Tensor };

/**
 * Rectified Adam: m and v as in Adam, ρ∞ = 2 / (1 - beta2) - 1, ρ = ρ∞ - 2 t beta2^t / (1 - beta2^t) in step t. If ρ > 5, parameter -=
 * learningRate r m̂ √(1 - beta2^t) / (√v + epsilon) with r² = (ρ - 4) (ρ - 2) ρ∞ / ((ρ∞ - 4) (ρ∞ - 2) ρ); otherwise parameter -= learningRate m̂.
 * The gradient includes weightDecay times the parameter. Liu et al. 2020, algorithm 2, with PyTorch's threshold of 5.
 * @param options by default, `learningRate` is 0.001
 * @throws SinapseError when an option is unknown or out of range
 */
export function radam(options: RAdamOptions = {}): SlotOptimizer {
  checkOptions('radam', options, CHECKS);
  const { learningRate = RADAM_LEARNING_RATE, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const longest = 2 / (1 - beta2) - 1;
  const lengthAt = (step: number): number => longest - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  const isLong = (step: number): boolean => lengthAt(step) > LONG_ENOUGH;
  const factorAt = (step: number): number => {
    if (!isLong(step)) return 1;
    const length = lengthAt(step);
    const rectification = Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
    return rectification * Math.sqrt(1 - beta2 ** step);
  };
  return slotOptimizer<RAdamState, 'stepSize' | 'share' | 'rest'>(
    'radam',
    { ...options, learningRate },
    {
      slots: ['m', 'v'],
      // The divisor, share √v + rest, is √v + epsilon or 1.
      scalars: ({ learningRate: rate, step }) => ({
        stepSize: derivedCell(() => (rate.value * factorAt(step.value)) / (1 - beta1 ** step.value)),
        share: derivedCell(() => (isLong(step.value) ? 1 : 0)),
        rest: derivedCell(() => (isLong(step.value) ? epsilon : 1)),
      }),
      formula: (state, grad, { stepSize, share, rest }) => {
        const m = add(state.m, mul(sub(grad, state.m), 1 - beta1));
        const v = add(state.v, mul(sub(square(grad), state.v), 1 - beta2));
        return { param: sub(state.param, mul(div(m, add(mul(sqrt(v), share), rest)), stepSize)), m, v };
      },
    },
  );
}
