// Tells a schedule how the training goes, so that it can reduce the learning rate.

import type { Check, OptionChecks } from '@sinapse/core';
import { checkOptions, checkValue } from '@sinapse/core';
import type { Callback } from '../callback.ts';
import type { Monitor } from './monitor.ts';
import { MONITOR, costOf } from './monitor.ts';

export interface ReduceOnPlateauOptions {
  /** The number to watch. Default `valLoss`. */
  readonly monitor?: Monitor;
}

/** A schedule that takes the cost of each epoch, such as `onPlateau` of @sinapse/optimizers. */
export interface ObservingSchedule {
  /** Takes an epoch's cost; lower is better. */
  observe(cost: number): void;
  /** Forgets all costs. */
  reset(): void;
}

const OPTIONS: OptionChecks<ReduceOnPlateauOptions> = { monitor: MONITOR };

const SCHEDULE: Check = {
  expected: 'a schedule that observes, e.g. onPlateau({ initial: 0.1 })',
  accepts: (value) =>
    (typeof value === 'function' || (typeof value === 'object' && value !== null)) &&
    ['observe', 'reset'].every((name) => typeof (value as never)[name] === 'function'),
};

/**
 * A callback that tells a schedule the validation loss, or another number, of each epoch. The optimizer must have the same schedule as its learning
 * rate. A resumed training tells it the epochs of before, so that the rate goes on where it was.
 *
 *     const learningRate = onPlateau({ initial: 0.1 });
 *     await fit(model, data, { optimizer: sgd({ learningRate }), callbacks: [reduceOnPlateau(learningRate)], … });
 * @throws SinapseError when an argument is wrong; during training, when an epoch has no number of the name `monitor`
 */
export function reduceOnPlateau(schedule: ObservingSchedule, options: ReduceOnPlateauOptions = {}): Callback {
  checkValue('reduceOnPlateau: schedule', schedule, SCHEDULE);
  checkOptions('reduceOnPlateau', options, OPTIONS);
  const { monitor = 'valLoss' } = options;
  return {
    onStart({ history }) {
      schedule.reset();
      for (const result of history) schedule.observe(costOf('reduceOnPlateau', monitor, result));
    },
    onEpoch(result) {
      schedule.observe(costOf('reduceOnPlateau', monitor, result));
    },
  };
}
