// Optimizers by name, for command lines, files and forms.

import { SinapseError, nearestName } from '@sinapse/core';
import { adam, adamW } from './adam.ts';
import { sgd } from './sgd.ts';
import type { SlotOptimizer } from './slot-optimizer.ts';

/** The names that `createOptimizer` knows. */
export const optimizerNames = ['sgd', 'adam', 'adamW'] as const;

export type OptimizerName = (typeof optimizerNames)[number];

const factories: Record<OptimizerName, (options: object) => SlotOptimizer> = { sgd, adam, adamW };

/**
 * An optimizer by its name: `createOptimizer('adam', { learningRate: 0.01 })`.
 * @param options as for the optimizer's own function; every name and value is checked, so they may come from outside
 * @throws SinapseError when the name or an option is unknown, or an option out of range
 */
export function createOptimizer(name: string, options: Readonly<Record<string, unknown>> = {}): SlotOptimizer {
  const known = optimizerNames.find((candidate) => candidate === name);
  if (known === undefined) {
    const nearest = nearestName(name, optimizerNames);
    throw new SinapseError(
      `optimizer ${name} is not known; ${nearest ? `did you mean ${nearest}?` : `there are ${optimizerNames.join(', ')}`}`,
    );
  }
  return factories[known](options);
}
