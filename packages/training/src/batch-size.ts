// The size of a training's batches. A source need not have one, but where it has, a resumed training must keep it.

import { differs } from './checkpoint/compare.ts';

export class BatchSize {
  /** Examples in every batch so far but the last of an epoch; undefined where they differ. */
  uniform: number | undefined;
  private mixed = false;
  private expected: number | undefined;

  /** Expects the size of the training that is resumed, if it had one. */
  resume(size: number | undefined): void {
    this.uniform = size;
    this.expected = size;
  }

  /**
   * Looks at a batch.
   * @param last whether it is the last of its epoch, where that is known: that one may be smaller
   * @throws TrainingError when it should have had another size
   */
  check(examples: number, last: boolean | undefined): void {
    const mayBeCut = last ?? (this.uniform !== undefined && examples < this.uniform);
    if (mayBeCut && this.uniform !== undefined && examples <= this.uniform) return;
    if (this.expected !== undefined && examples !== this.expected) throw differs('the batch size', this.expected, examples);
    this.expected = undefined;
    if (this.uniform !== undefined && examples !== this.uniform) this.mixed = true;
    this.uniform = this.mixed ? undefined : examples;
  }
}
