// Ends a training whose results are no numbers.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Callback } from '../callback.ts';

export interface StopOnNaNOptions {
  /** Whether metrics count, too. Some are NaN where there is nothing to measure. Default false. */
  readonly metrics?: boolean;
}

const OPTIONS: OptionChecks<StopOnNaNOptions> = { metrics: check.flag };

/**
 * A callback that ends the training after an epoch whose validation loss is NaN or infinite, with a reason such as `valLoss is NaN`. A loss
 * of a training step that is not finite ends `fit` by itself, with an error and before the step changes a weight.
 * @throws SinapseError when an option is unknown or out of range
 */
export function stopOnNaN(options: StopOnNaNOptions = {}): Callback {
  checkOptions('stopOnNaN', options, OPTIONS);
  const { metrics = false } = options;
  return {
    onEpoch({ valLoss, metrics: ofTraining = {}, valMetrics = {} }, session) {
      const validated = Object.entries(valMetrics).map(([name, value]) => [`val ${name}`, value] as const);
      const numbers = [['valLoss', valLoss] as const, ...(metrics ? [...Object.entries(ofTraining), ...validated] : [])];
      const broken = numbers.find(([, value]) => value !== undefined && !Number.isFinite(value));
      if (broken !== undefined) session.stop(`${broken[0]} is ${broken[1]}`);
    },
  };
}
