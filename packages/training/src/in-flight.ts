// The steps that were issued but whose losses the host has not read yet. If reading waits for the device, the host issues a step or two
// ahead, so that the device does not idle while a loss travels to the host.

import type { Tensor } from '@sinapse/core';
import { cast, logicalOr, notEqual, reshape, scope, sub } from '@sinapse/core';
import type { Data } from './broken-input.ts';
import type { Measured } from './measure.ts';

/** The most steps, or batches of an evaluation, that may be in flight when the next one is issued. */
export const MOST_IN_FLIGHT = 2;

interface Issued {
  readonly measured: Measured | Promise<Measured>;
  /** How many steps the optimizer of each learner made. */
  readonly made: readonly number[];
  /** What it was trained on, in case its loss is not finite. */
  readonly batch: Data;
}

export class InFlight {
  /** The steps, oldest first. */
  private steps: Issued[] = [];
  /** A bool scalar on the device: whether the loss of any step so far was NaN or infinite. */
  private broken: Tensor | undefined;

  get size(): number {
    return this.steps.length;
  }

  add(measured: Measured | Promise<Measured>, made: readonly number[], batch: Data): void {
    this.steps.push({ measured, made, batch });
  }

  /** The oldest step. */
  get oldest(): Issued | undefined {
    return this.steps[0];
  }

  /** How many steps the optimizer of each learner makes in each step in flight, oldest first. */
  get made(): readonly (readonly number[])[] {
    return this.steps.map(({ made }) => made);
  }

  /** Removes the oldest step. */
  dropOldest(): void {
    void this.steps.shift();
  }

  /** Forgets all steps. */
  drop(): void {
    this.steps = [];
  }

  /**
   * The measures of the steps in flight at the time of the call, up to the first whose loss is not finite: from that step on the device
   * changed nothing. Rejects if a read fails.
   */
  async succeeded(): Promise<Measured[]> {
    const succeeded: Measured[] = [];
    for (const step of this.steps.slice()) {
      const measured = await step.measured;
      if (!Number.isFinite(measured.loss)) break;
      succeeded.push(measured);
    }
    return succeeded;
  }

  /**
   * Returns a bool scalar that tells the device to skip the update of the step being issued: true from the first loss on that is NaN or
   * infinite. This object keeps the scalar and disposes of it.
   */
  skip(loss: Tensor): Tensor {
    const before = this.broken;
    this.broken = scope(() => {
      const value = cast(reshape(loss, []), 'float32');
      const now = notEqual(sub(value, value), 0); // 0 for every finite value, NaN for any other
      return (before === undefined ? now : logicalOr(before, now)).keep();
    });
    before?.dispose();
    return this.broken;
  }

  /** Releases the tensor on the device. */
  close(): void {
    this.broken?.dispose();
    this.broken = undefined;
  }
}

/** How many steps the optimizer of learner i made in some steps. */
export function madeBy(i: number, steps: readonly (readonly number[])[]): number {
  return steps.reduce((sum, made) => sum + made[i]!, 0);
}
