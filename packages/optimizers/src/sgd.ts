// Stochastic gradient descent, with momentum.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, sgdStep } from '@sinapse/core';
import type { CommonOptions } from './slot-optimizer.ts';
import { COMMON_OPTIONS, SlotOptimizer } from './slot-optimizer.ts';

/** Of `sgd`, unless given. */
export const SGD_LEARNING_RATE = 0.01;

export interface SgdOptions extends CommonOptions {
  /** What is kept of the last step's velocity, within [0, 1); 0. */
  readonly momentum?: number;
  /** Whether the gradient counts as taken one step ahead; false. Needs momentum. */
  readonly nesterov?: boolean;
}

const CHECKS: OptionChecks<SgdOptions> = { ...COMMON_OPTIONS, momentum: check.fraction, nesterov: check.flag };

/**
 * Gradient descent: v = momentum v + g, parameter -= learningRate v (with `nesterov`: learningRate (g + momentum v)), where g is the gradient plus
 * weightDecay times the parameter. Polyak 1964; Nesterov's form as in Sutskever, Martens, Dahl, Hinton 2013.
 *
 * Textbooks also write W(t+1) = W(t) + α (W(t) - W(t-1)) - (1 - α) η g: that is momentum α with learning rate (1 - α) η.
 * @param options `learningRate` is 0.01 unless given
 * @throws SinapseError when an option is unknown or out of range
 */
export function sgd(options: SgdOptions = {}): SlotOptimizer {
  checkOptions('sgd', options, CHECKS);
  const { learningRate = SGD_LEARNING_RATE, momentum = 0, nesterov = false } = options;
  if (nesterov && momentum === 0) throw new SinapseError('sgd: nesterov: needs a momentum above 0');
  const attrs = { nesterov };
  return new SlotOptimizer(
    'sgd',
    { ...options, learningRate },
    momentum > 0 ? ['velocity'] : [],
    ({ learningRate: rate }) =>
      ({ param, grad, slots, device, weightDecay }) =>
        sgdStep({ param, grad, ...slots, ...device }, attrs, { learningRate: rate, weightDecay, momentum }),
  );
}
