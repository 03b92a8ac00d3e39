// A learning rate that is reduced when a training no longer improves.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Schedule } from '../schedules.ts';

export interface OnPlateauOptions {
  /** The rate of the first step, > 0. */
  readonly initial: number;
  /** What the rate is multiplied by, within (0, 1). Default 0.1. */
  readonly factor?: number;
  /** How many epochs in a row without improvement are tolerated, an integer >= 0. Default 10. */
  readonly patience?: number;
  /** How much lower than the lowest cost so far counts as an improvement, >= 0. Default 0. */
  readonly minDelta?: number;
  /** How many epochs after a reduction do not count, an integer >= 0. Default 0. */
  readonly cooldown?: number;
  /** The smallest rate, >= 0. Default 0. */
  readonly minimum?: number;
}

const CHECKS: OptionChecks<OnPlateauOptions> = {
  initial: check.required(check.positive),
  factor: { expected: 'a number above 0 and below 1', accepts: (value) => check.positive.accepts(value) && check.fraction.accepts(value) },
  patience: check.natural,
  minDelta: check.notNegative,
  cooldown: check.natural,
  minimum: check.notNegative,
};

/** A schedule that is told how the training goes. `reduceOnPlateau` of @sinapse/training does so after every epoch. */
export interface PlateauSchedule extends Schedule {
  /** Takes the cost of an epoch, e.g. its validation loss; lower is better. */
  observe(cost: number): void;
  /** Forgets all costs. */
  reset(): void;
}

/**
 * A rate that is multiplied by `factor` after more than `patience` epochs in a row whose cost was not below the lowest so far by more than
 * `minDelta`. It depends on the costs alone: observed again, the same costs give the same rate, so that a resumed training goes on with it.
 * A cost of NaN is no improvement. As PyTorch's ReduceLROnPlateau, with an absolute threshold.
 */
export function onPlateau(options: OnPlateauOptions): PlateauSchedule {
  checkOptions('onPlateau', options, CHECKS);
  const { initial, factor = 0.1, patience = 10, minDelta = 0, cooldown = 0, minimum = 0 } = options;
  const fresh = () => ({ rate: initial, best: Infinity, bad: 0, resting: 0 });
  let now = fresh();
  const observe = (cost: number): void => {
    const isBetter = cost < now.best - minDelta || (now.best === Infinity && cost < Infinity);
    if (isBetter) [now.best, now.bad] = [cost, 0];
    else now.bad++;
    if (now.resting > 0) {
      now.resting--;
      now.bad = 0;
    }
    if (now.bad <= patience) return;
    now.rate = Math.max(now.rate * factor, minimum);
    [now.resting, now.bad] = [cooldown, 0];
  };
  return Object.assign(() => now.rate, { observe, reset: () => void (now = fresh()) });
}
