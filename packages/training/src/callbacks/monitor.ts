// Finds the best epoch so far.

import type { Check } from '@sinapse/core';
import { check } from '@sinapse/core';
import type { EpochResult } from '../epoch-result.ts';
import { TrainingError } from '../errors.ts';

/** The number of an epoch to watch. Lower is better for losses and for the result of a function, higher for accuracies. */
export type Monitor = 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy' | ((result: EpochResult) => number);

const NAMES = check.oneOf(['loss', 'accuracy', 'valLoss', 'valAccuracy']);

/** The check of the option. */
export const MONITOR: Check = {
  ...NAMES,
  expected: `${NAMES.expected}, or a function of an epoch's result`,
  accepts: (value) => typeof value === 'function' || NAMES.accepts(value),
};

/**
 * The number of an epoch to minimise.
 * @throws TrainingError when the epoch has no number of that name
 */
export function costOf(owner: string, monitor: Monitor, result: EpochResult): number {
  if (typeof monitor === 'function') return monitor(result);
  const value = result[monitor];
  if (value === undefined) {
    const remedy = monitor.startsWith('val') ? 'give fit a validation set' : 'its targets are no class numbers';
    throw new TrainingError(`${owner}: the epoch has no ${monitor} to monitor; ${remedy}`);
  }
  return monitor === 'accuracy' || monitor === 'valAccuracy' ? -value : value;
}

/** Remembers the best epoch. NaN is never the best. */
export class Best {
  /** The best epoch, from 1; 0 while there is none. */
  epoch = 0;
  private cost = Infinity;
  private readonly owner: string;
  private readonly monitor: Monitor;
  private readonly minDelta: number;

  /**
   * @param owner the callback's name, for error messages
   * @param minDelta how much better than the best so far an epoch must be to count as better
   */
  constructor(owner: string, monitor: Monitor, minDelta: number) {
    this.owner = owner;
    this.monitor = monitor;
    this.minDelta = minDelta;
  }

  /**
   * Whether this epoch is the best so far; if so, remembers it.
   * @throws TrainingError when the epoch has no number of that name
   */
  isBetter(result: EpochResult): boolean {
    const cost = costOf(this.owner, this.monitor, result);
    if (!(cost < this.cost - this.minDelta) && !(this.epoch === 0 && cost < Infinity)) return false;
    this.cost = cost;
    this.epoch = result.epoch;
    return true;
  }
}
