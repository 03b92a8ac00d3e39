// The error of this package, and the check of arguments.

import type { Check } from '@sinapse/core';
import { SinapseError, problemOf } from '@sinapse/core';

/** A mistake or failure in training, evaluation, a checkpoint or a model file. Its message is one line. */
export class TrainingError extends SinapseError {
  override name = 'TrainingError';
}

/**
 * @param name the name of the argument, for the message, e.g. `fit: epochs`
 * @throws TrainingError unless the value passes the check
 */
export function checkArgument(name: string, value: unknown, check: Check): void {
  const problem = problemOf(value, check);
  if (problem !== undefined) throw new TrainingError(`${name}: ${problem}`);
}
