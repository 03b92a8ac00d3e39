// Stochastic gradient descent, with momentum.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, add, check, checkOptions, mul, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

/** The default learning rate of `sgd`. */
export const SGD_LEARNING_RATE = 0.01;

type SgdState = { readonly param: Tensor; readonly velocity?: Tensor };

export interface SgdOptions extends CommonOptions {
  /** The part of the last step's velocity that is kept, within [0, 1). Default 0. */
  readonly momentum?: number;
  /** Whether to use Nesterov's form, which needs `momentum` > 0. Default false. */
  readonly nesterov?: boolean;
}

const CHECKS: OptionChecks<SgdOptions> = { ...COMMON_OPTIONS, momentum: check.fraction, nesterov: check.flag };

/**
 * Gradient descent: v = momentum v + g, parameter -= learningRate v (with `nesterov`: learningRate (g + momentum v)), where g is the
 * gradient plus weightDecay times the parameter. Polyak 1964; Nesterov's form as in Sutskever, Martens, Dahl, Hinton 2013.
 *
 * The form W(t+1) = W(t) + α (W(t) - W(t-1)) - (1 - α) η g of some textbooks is momentum α with learning rate (1 - α) η.
 * @param options by default, `learningRate` is 0.01
 * @throws SinapseError when an option is unknown or out of range
 */
export function sgd(options: SgdOptions = {}): SlotOptimizer {
  checkOptions('sgd', options, CHECKS);
  const { learningRate = SGD_LEARNING_RATE, momentum = 0, nesterov = false } = options;
  if (nesterov && momentum === 0) throw new SinapseError('sgd: nesterov: needs a momentum above 0');
  return slotOptimizer<SgdState, 'rate'>(
    'sgd',
    { ...options, learningRate },
    {
      slots: momentum > 0 ? ['velocity'] : [],
      scalars: (cells) => ({ rate: cells.learningRate }),
      formula: ({ param, velocity }, grad, { rate }) => {
        if (velocity === undefined) return { param: sub(param, mul(grad, rate)) };
        const next = add(mul(velocity, momentum), grad);
        const direction = nesterov ? add(grad, mul(next, momentum)) : next;
        return { param: sub(param, mul(direction, rate)), velocity: next };
      },
    },
  );
}
