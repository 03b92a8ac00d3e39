// What can go wrong in training, told to the caller in one line.

import type { Check } from '@sinapse/core';
import { SinapseError, problemOf } from '@sinapse/core';

/** A training, evaluation, checkpoint or model file that cannot go on. Its message is one line. */
export class TrainingError extends SinapseError {
  override name = 'TrainingError';
}

/**
 * @param name whose value it is, for the message: `fit: epochs`
 * @throws TrainingError unless the value is right
 */
export function checkArgument(name: string, value: unknown, check: Check): void {
  const problem = problemOf(value, check);
  if (problem !== undefined) throw new TrainingError(`${name}: ${problem}`);
}
