// Gives the model the average of its weights at the end.

import type { Check, OptionChecks, Parameter } from '@sinapse/core';
import { checkOptions, checkValue, parametersOf } from '@sinapse/core';
import { SOURCE } from '../arguments.ts';
import type { BatchSource } from '../batch.ts';
import type { Callback } from '../callback.ts';
import { isInterrupted } from '../callback.ts';
import { refreshStatistics } from '../refresh-statistics.ts';

/** An optimizer that keeps an average of the weights, such as `movingAverage(adam())` of @sinapse/optimizers. */
export interface Averaging {
  /** Gives parameters their averages, and keeps what they had. */
  swap(parameters: readonly Parameter[]): void;
}

export interface AveragedWeightsOptions {
  /** Data from which the running statistics of batch normalisation are taken anew, because those of the last weights do not fit the average. */
  readonly refresh?: BatchSource<unknown, unknown>;
}

const OPTIONS: OptionChecks<AveragedWeightsOptions> = { refresh: SOURCE };

const AVERAGING: Check = {
  expected: 'an optimizer that averages weights, e.g. movingAverage(adam())',
  accepts: (value) => typeof value === 'object' && value !== null && typeof (value as Partial<Averaging>).swap === 'function',
};

/**
 * A callback that gives the model the average of its weights when the training finishes or a callback stops it. After an abort or a failure
 * the model keeps its last weights, so that training can go on from there. Checkpoints hold both; the validation during the training is that of
 * the last weights.
 *
 *     const optimizer = movingAverage(adam(), { decay: 0.999 });
 *     await fit(model, data, { optimizer, callbacks: [averagedWeights(optimizer)], … });
 * @throws SinapseError when an argument is wrong
 */
export function averagedWeights(optimizer: Averaging, options: AveragedWeightsOptions = {}): Callback {
  checkValue('averagedWeights: optimizer', optimizer, AVERAGING);
  checkOptions('averagedWeights', options, OPTIONS);
  const { refresh } = options;
  return {
    async onStop(reason, session) {
      if (isInterrupted(reason) || reason === 'failed' || session.globalStep === 0) return;
      optimizer.swap(parametersOf(session.model).flatMap(({ cell }) => (cell.trainable ? [cell] : [])));
      if (refresh !== undefined) await refreshStatistics(session.model, refresh);
    },
  };
}
