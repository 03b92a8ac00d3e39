// Ends a training that no longer improves.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Callback } from '../callback.ts';
import { bestWeights } from './best-weights.ts';
import type { Monitor } from './monitor.ts';
import { Best, MONITOR } from './monitor.ts';

export interface EarlyStoppingOptions {
  /** The number to watch. Default `valLoss`. */
  readonly monitor?: Monitor;
  /** How many epochs in a row without improvement end the training; at least 1. Default 3. */
  readonly patience?: number;
  /** How much better than the best so far an epoch must be to count as better. Default 0. */
  readonly minDelta?: number;
  /** Whether the model gets the weights of the best epoch at the end. Default true. */
  readonly restoreBest?: boolean;
}

const EARLY_STOPPING: OptionChecks<EarlyStoppingOptions> = {
  monitor: MONITOR,
  patience: check.count,
  minDelta: check.notNegative,
  restoreBest: check.flag,
};

/**
 * A callback that stops the training, with the reason `early`, after `patience` epochs in a row that were no better than the best one.
 * @throws SinapseError when an option is unknown or out of range; during training, when an epoch has no number of the name `monitor`
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  checkOptions('earlyStopping', options, EARLY_STOPPING);
  const { monitor = 'valLoss', patience = 3, minDelta = 0, restoreBest = true } = options;
  const weights: Callback = restoreBest ? bestWeights({ monitor, minDelta, name: 'earlyStopping' }) : {};
  let best = new Best('earlyStopping', monitor, minDelta);

  return {
    ...weights,
    async onStart(session) {
      await weights.onStart?.(session);
      best = new Best('earlyStopping', monitor, minDelta);
      for (const result of session.history) best.isBetter(result);
      if (session.history.length - best.epoch >= patience) session.stop('early');
    },
    async onEpoch(result, session) {
      await weights.onEpoch?.(result, session);
      best.isBetter(result);
      if (result.epoch - best.epoch >= patience) session.stop('early');
    },
  };
}
