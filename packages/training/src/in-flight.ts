// Steps that were issued and whose numbers nobody has seen yet. Where reading waits for the device, the host runs ahead of it by a step or two:
// the device never stands idle while a loss is on its way to the host.

import type { Tensor } from '@sinapse/core';
import { cast, logicalOr, notEqual, reshape, scope, sub } from '@sinapse/core';
import type { Measured } from './measure.ts';

/** How many steps, or batches of an evaluation, may be in flight when the next is issued. */
export const MOST_IN_FLIGHT = 2;

export class InFlight {
  /** What the steps measured, the oldest first. */
  private reads: (Measured | Promise<Measured>)[] = [];
  /** A bool scalar on the device: whether the loss of a step so far was not finite. */
  private broken: Tensor | undefined;

  get size(): number {
    return this.reads.length;
  }

  add(read: Measured | Promise<Measured>): void {
    this.reads.push(read);
  }

  /** What the oldest step measured. */
  get oldest(): Measured | Promise<Measured> | undefined {
    return this.reads[0];
  }

  /** The oldest step is seen. */
  dropOldest(): void {
    void this.reads.shift();
  }

  /** Forgets all steps. */
  drop(): void {
    this.reads = [];
  }

  /**
   * What the steps in flight at the time of the call measured, up to the first whose loss is not finite: on the device nothing has changed from there on.
   * Rejects with the error of a read.
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
   * Whether the device must leave everything as it is in the step being issued: a bool scalar, true from the first loss that is not finite on.
   * It stays ours.
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

  /** Releases what is held on the device. */
  close(): void {
    this.broken?.dispose();
    this.broken = undefined;
  }
}
