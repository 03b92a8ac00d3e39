// Ends a training that no longer gets better.

import { check } from '@sinapse/core';
import type { Callback } from '../callback.ts';
import { checkArgument } from '../errors.ts';
import { bestWeights } from './best-weights.ts';
import type { Monitor } from './monitor.ts';
import { Best } from './monitor.ts';

export interface EarlyStoppingOptions {
  /** `valLoss` unless given. */
  readonly monitor?: Monitor;
  /** Epochs in a row that may pass without a better one. 3 unless given, at least 1. */
  readonly patience?: number;
  /** By how much an epoch must beat the best to be better. 0 unless given. */
  readonly minDelta?: number;
  /** Whether the model gets the weights of the best epoch at the end. True unless given. */
  readonly restoreBest?: boolean;
}

/**
 * A callback that stops the training, with the reason `early`, when `patience` epochs in a row were no better than the best one.
 * @throws TrainingError when the patience is out of its range; in training, when an epoch has no such number
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const { monitor = 'valLoss', patience = 3, minDelta = 0, restoreBest = true } = options;
  checkArgument('earlyStopping: patience', patience, check.count);
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
