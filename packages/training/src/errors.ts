// The error of this package.

import { SinapseError } from '@sinapse/core';

/** Bad data, or a failure in training, evaluation, a checkpoint or a model file. Its message is one line. */
export class TrainingError extends SinapseError {
  override name = 'TrainingError';
}
