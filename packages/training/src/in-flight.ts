// The steps that were issued but whose losses the host has not read yet. If reading waits for the device, the host issues a step or two
// ahead, so that the device does not idle while a loss travels to the host.

import type { Tensor } from '@sinapse/core';
import { cast, logicalOr, notEqual, reshape, scope, sub } from '@sinapse/core';
import type { Measured } from './measure.ts';

/** The most steps, or batches of an evaluation, that may be in flight when the next one is issued. */
export const MOST_IN_FLIGHT = 2;

export class InFlight {
  /** The measures of the steps, oldest first. */
  private reads: (Measured | Promise<Measured>)[] = [];
  /** A bool scalar on the device: whether the loss of any step so far was NaN or infinite. */
  private broken: Tensor | undefined;

  get size(): number {
    return this.reads.length;
  }

  add(read: Measured | Promise<Measured>): void {
    this.reads.push(read);
  }

  /** The measures of the oldest step. */
  get oldest(): Measured | Promise<Measured> | undefined {
    return this.reads[0];
  }

  /** Removes the oldest step. */
  dropOldest(): void {
    void this.reads.shift();
  }

  /** Forgets all steps. */
  drop(): void {
    this.reads = [];
  }

  /**
   * The measures of the steps in flight at the time of the call, up to the first whose loss is not finite: from that step on the device
   * changed nothing. Rejects if a read fails.
   */
  async succeeded(): Promise<Measured[]> {
    const succeeded: Measured[] = [];
    for (const read of this.reads.slice()) {
      const measured = await read;
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
