// Optimizers by name, for command lines, files and forms.

import { knownName } from '@sinapse/core';
import { ADAM_LEARNING_RATE, adam, adamW } from './adam.ts';
import { SGD_LEARNING_RATE, sgd } from './sgd.ts';
import type { SlotOptimizer } from './slot-optimizer.ts';

/** The names that `createOptimizer` knows. */
export const optimizerNames = ['sgd', 'adam', 'adamW'] as const;

export type OptimizerName = (typeof optimizerNames)[number];

const factories: Record<OptimizerName, (options: object) => SlotOptimizer> = { sgd, adam, adamW };

const learningRates: Record<OptimizerName, number> = { sgd: SGD_LEARNING_RATE, adam: ADAM_LEARNING_RATE, adamW: ADAM_LEARNING_RATE };

/**
 * An optimizer by its name: `createOptimizer('adam', { learningRate: 0.01 })`.
 * @param options as for the optimizer's own function; every name and value is checked, so they may come from outside
 * @throws SinapseError when the name or an option is unknown, or an option out of range
 */
export function createOptimizer(name: string, options: Readonly<Record<string, unknown>> = {}): SlotOptimizer {
  return factories[knownName('optimizer', name, optimizerNames)](options);
}

/**
 * The learning rate that an optimizer has unless it is given another: what a schedule for it begins with.
 * @throws SinapseError when the name is unknown
 */
export function defaultLearningRate(name: string): number {
  return learningRates[knownName('optimizer', name, optimizerNames)];
}
