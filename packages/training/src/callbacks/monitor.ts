// Which epoch was the best so far.

import type { EpochResult } from '../epoch-result.ts';
import { TrainingError } from '../errors.ts';

/** A number of an epoch to watch: losses are to fall, accuracies to rise, and what a function gives is to fall. */
export type Monitor = 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy' | ((result: EpochResult) => number);

/** Remembers the best epoch. NaN is never the best. */
export class Best {
  /** 0 while there is none. */
  epoch = 0;
  private cost = Infinity;
  private readonly owner: string;
  private readonly monitor: Monitor;
  private readonly minDelta: number;

  /**
   * @param owner whose messages these are
   * @param minDelta by how much an epoch must beat the best to be better
   */
  constructor(owner: string, monitor: Monitor, minDelta: number) {
    this.owner = owner;
    this.monitor = monitor;
    this.minDelta = minDelta;
  }

  /**
   * Whether this epoch is the best so far.
   * @throws TrainingError when it has no such number
   */
  isBetter(result: EpochResult): boolean {
    const cost = this.costOf(result);
    if (!(cost < this.cost - this.minDelta) && !(this.epoch === 0 && cost < Infinity)) return false;
    this.cost = cost;
    this.epoch = result.epoch;
    return true;
  }

  /** What is to be small. */
  private costOf(result: EpochResult): number {
    if (typeof this.monitor === 'function') return this.monitor(result);
    const value = result[this.monitor];
    if (value === undefined) {
      const remedy = this.monitor.startsWith('val') ? 'give fit a validation set' : 'its targets are no class numbers';
      throw new TrainingError(`${this.owner}: the epoch has no ${this.monitor} to monitor; ${remedy}`);
    }
    return this.monitor === 'accuracy' || this.monitor === 'valAccuracy' ? -value : value;
  }
}
