// Stochastic gradient descent, with momentum.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, add, check, checkOptions, mul, sub } from '@sinapse/core';
import type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
import { COMMON_OPTIONS, slotOptimizer } from './slot-optimizer.ts';

/** The default learning rate of `sgd`, `momentum` and `nesterov`. */
export const SGD_LEARNING_RATE = 0.01;

type SgdState = { readonly param: Tensor; readonly velocity?: Tensor };

export interface MomentumOptions extends CommonOptions {
  /** The part of the last step's velocity that is kept, within [0, 1). Default 0 for `sgd`, 0.9 for `momentum` and `nesterov`. */
  readonly momentum?: number;
  /** Whether the velocity is an average of the gradients, v = momentum v + (1 - momentum) g, instead of a sum of them. Default false. */
  readonly averaged?: boolean;
}

export interface SgdOptions extends MomentumOptions {
  /** Whether to use Nesterov's form, which needs `momentum` > 0. Default false. */
  readonly nesterov?: boolean;
}

const MOMENTUM: OptionChecks<MomentumOptions> = { ...COMMON_OPTIONS, momentum: check.fraction, averaged: check.flag };
const SGD: OptionChecks<SgdOptions> = { ...MOMENTUM, nesterov: check.flag };

function makeSgd(name: string, options: SgdOptions): SlotOptimizer {
  const { learningRate = SGD_LEARNING_RATE, momentum = 0, nesterov = false, averaged = false } = options;
  for (const [option, given] of Object.entries({ nesterov, averaged }))
    if (given && momentum === 0) throw new SinapseError(`${name}: ${option}: needs a momentum above 0`);
  return slotOptimizer<SgdState, 'rate'>(
    name,
    { ...options, learningRate },
    {
      slots: momentum > 0 ? ['velocity'] : [],
      scalars: (cells) => ({ rate: cells.learningRate }),
      formula: ({ param, velocity }, grad, { rate }) => {
        if (velocity === undefined) return { param: sub(param, mul(grad, rate)) };
        const part = averaged ? mul(grad, 1 - momentum) : grad;
        const next = add(mul(velocity, momentum), part);
        const direction = nesterov ? add(part, mul(next, momentum)) : next;
        return { param: sub(param, mul(direction, rate)), velocity: next };
      },
    },
  );
}

/**
 * Gradient descent: v = momentum v + g, parameter -= learningRate v (with `nesterov`: learningRate (g + momentum v)), where g is the
 * gradient plus weightDecay times the parameter. Polyak 1964; Nesterov's form as in Sutskever, Martens, Dahl, Hinton 2013.
 *
 * Whether a step follows the mean over a batch or the sum is the loss's matter: the gradient of a loss that adds up its examples is the sum
 * of theirs, and no optimizer needs to know how many there are.
 * @param options by default, `learningRate` is 0.01
 * @throws SinapseError when an option is unknown or out of range
 */
export function sgd(options: SgdOptions = {}): SlotOptimizer {
  checkOptions('sgd', options, SGD);
  return makeSgd('sgd', options);
}

/**
 * Gradient descent with momentum: v = momentum v + g, parameter -= learningRate v. With `averaged`: v = momentum v + (1 - momentum) g, which
 * is the form W(t+1) = W(t) + α (W(t) - W(t-1)) + (1 - α) (-η g) of textbooks, α being the momentum and η the learning rate. Polyak 1964.
 * @param options by default, `learningRate` is 0.01 and `momentum` 0.9
 * @throws SinapseError when an option is unknown or out of range
 */
export function momentum(options: MomentumOptions = {}): SlotOptimizer {
  checkOptions('momentum', options, MOMENTUM);
  return makeSgd('momentum', { momentum: 0.9, ...options });
}

/**
 * Nesterov's accelerated gradient: v = momentum v + g, parameter -= learningRate (g + momentum v). The step is that of a gradient taken
 * where the velocity leads to. Nesterov 1983; Sutskever, Martens, Dahl, Hinton 2013.
 * @param options by default, `learningRate` is 0.01 and `momentum` 0.9
 * @throws SinapseError when an option is unknown or out of range
 */
export function nesterov(options: MomentumOptions = {}): SlotOptimizer {
  checkOptions('nesterov', options, MOMENTUM);
  return makeSgd('nesterov', { momentum: 0.9, ...options, nesterov: true });
}
