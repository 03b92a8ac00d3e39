// AdaGrad divides each step by the root of the sum of all squared gradients so far.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { add, check, checkOptions, div, mul, sqrt, square, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

export interface AdaGradOptions extends CommonOptions {
  /** What the sum of squares begins with, >= 0. Default 0. */
  readonly initialAccumulator?: number;
  /** Added to the divisor to keep the quotient finite, > 0. Default 1e-10. */
  readonly epsilon?: number;
}

/** The default learning rate of `adaGrad`. */
export const ADAGRAD_LEARNING_RATE = 0.01;

const CHECKS: OptionChecks<AdaGradOptions> = { ...COMMON_OPTIONS, initialAccumulator: check.notNegative, epsilon: check.positive };

type AdaGradState = { readonly param: Tensor; readonly sum: Tensor };

/**
 * AdaGrad: s = s + g², parameter -= learningRate g / (√s + epsilon), where g is the gradient plus weightDecay times the parameter. Duchi,
 * Hazan, Singer 2011.
 * @param options by default, `learningRate` is 0.01
 * @throws SinapseError when an option is unknown or out of range
 */
export function adaGrad(options: AdaGradOptions = {}): SlotOptimizer {
  checkOptions('adaGrad', options, CHECKS);
  const { learningRate = ADAGRAD_LEARNING_RATE, initialAccumulator = 0, epsilon = 1e-10 } = options;
  return slotOptimizer<AdaGradState, 'rate'>(
    'adaGrad',
    { ...options, learningRate },
    {
      slots: ['sum'],
      initial: { sum: initialAccumulator },
      scalars: (cells) => ({ rate: cells.learningRate }),
      formula: (state, grad, { rate }) => {
        const sum = add(state.sum, square(grad));
        return { param: sub(state.param, mul(div(grad, add(sqrt(sum), epsilon)), rate)), sum };
      },
    },
  );
}
