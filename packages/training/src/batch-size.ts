// The batch size of a training. A source may mix sizes; if all its batches have one size, a resumed training must keep that size.

import { differs } from './checkpoint/compare.ts';

export class BatchSize {
  /** The number of examples in each batch so far, the last of an epoch excepted; undefined if it varies. */
  uniform: number | undefined;
  private mixed = false;
  private expected: number | undefined;

  /** Expects the batch size of the training that is resumed; undefined if that training mixed sizes. */
  resume(size: number | undefined): void {
    this.uniform = size;
    this.expected = size;
  }

  /**
   * Checks the size of a batch.
   * @param last whether it is the last batch of its epoch, which may be smaller; undefined if unknown
   * @throws TrainingError when the size differs from that of the resumed training
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
