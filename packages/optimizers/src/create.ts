// The list of optimizers, and how to make one by its name, for command lines, files and forms.

import { knownName } from '@sinapse/core';
import { ADAM_LEARNING_RATE, adam, adamW } from './adam.ts';
import { SGD_LEARNING_RATE, sgd } from './sgd.ts';
import type { SlotOptimizer } from './slot-optimizer.ts';

export type { AdamOptions } from './adam.ts';
export type { SgdOptions } from './sgd.ts';
export { adam, adamW, sgd };

interface Entry {
  readonly create: (options: object) => SlotOptimizer;
  /** Unless another is given. */
  readonly learningRate: number;
}

export type OptimizerName = 'sgd' | 'adam' | 'adamW';

const optimizers: Readonly<Record<OptimizerName, Entry>> = {
  sgd: { create: sgd, learningRate: SGD_LEARNING_RATE },
  adam: { create: adam, learningRate: ADAM_LEARNING_RATE },
  adamW: { create: adamW, learningRate: ADAM_LEARNING_RATE },
};

/** The names that `createOptimizer` knows. */
export const optimizerNames: readonly OptimizerName[] = Object.keys(optimizers) as OptimizerName[];

/**
 * Makes an optimizer by its name: `createOptimizer('adam', { learningRate: 0.01 })`.
 * @param options as for the optimizer's own function; names and values are checked, so they may come from outside
 * @throws SinapseError when the name or an option is unknown, or an option is out of range
 */
export function createOptimizer(name: string, options: Readonly<Record<string, unknown>> = {}): SlotOptimizer {
  return optimizers[knownName('optimizer', name, optimizerNames)].create(options);
}

/**
 * The default learning rate of an optimizer, with which a schedule for it may begin.
 * @throws SinapseError when the name is unknown
 */
export function defaultLearningRate(name: string): number {
  return optimizers[knownName('optimizer', name, optimizerNames)].learningRate;
}
