// The error of this package.

import { SinapseError } from '@sinapse/core';

/** Bad data, or a failure in training, evaluation, a checkpoint or a model file. Its message is one line. */
export class TrainingError extends SinapseError {
  override name = 'TrainingError';
}

/** A training diverged: its loss, or a weight, is not finite any more. */
export class DivergedError extends TrainingError {
  override name = 'DivergedError';
}
