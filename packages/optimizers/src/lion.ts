// Lion moves every parameter by the same amount, in the direction of the sign of a running mean of gradients.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { add, check, checkOptions, mul, sign, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

export interface LionOptions extends CommonOptions {
  /** The part of the running mean in the direction of the step, within [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of gradients, within [0, 1). Default 0.99. */
  readonly beta2?: number;
}

/** The default learning rate of `lion`. */
export const LION_LEARNING_RATE = 1e-4;

const CHECKS: OptionChecks<LionOptions> = { ...COMMON_OPTIONS, beta1: check.fraction, beta2: check.fraction };

type LionState = { readonly param: Tensor; readonly m: Tensor };

/**
 * Lion: parameter -= learningRate (sign(beta1 m + (1 - beta1) g) + weightDecay parameter), then m = beta2 m + (1 - beta2) g. Chen et al. 2023,
 * algorithm 2. Its rate is three to ten times smaller than Adam's, its weight decay as many times larger.
 * @param options by default, `learningRate` is 0.0001 and `weightDecay` 0
 * @throws SinapseError when an option is unknown or out of range
 */
export function lion(options: LionOptions = {}): SlotOptimizer {
  checkOptions('lion', options, CHECKS);
  const { learningRate = LION_LEARNING_RATE, beta1 = 0.9, beta2 = 0.99 } = options;
  return slotOptimizer<LionState, 'rate'>(
    'lion',
    { ...options, learningRate },
    {
      slots: ['m'],
      decoupled: true,
      scalars: (cells) => ({ rate: cells.learningRate }),
      formula: ({ param, m }, grad, { rate }) => {
        const direction = sign(add(mul(m, beta1), mul(grad, 1 - beta1)));
        return { param: sub(param, mul(direction, rate)), m: add(mul(m, beta2), mul(grad, 1 - beta2)) };
      },
    },
  );
}
