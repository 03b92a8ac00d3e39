// What one epoch of a training came to.

/** One epoch, just done. Means are over its examples, taken while the weights moved; those of the validation with the weights at its end. */
export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  /** Share of labels that were right, within [0, 1], where the targets are class numbers. */
  readonly accuracy?: number;
  readonly metrics?: Readonly<Record<string, number>>;
  /** Where there is a validation set. */
  readonly valLoss?: number;
  readonly valAccuracy?: number;
  readonly valMetrics?: Readonly<Record<string, number>>;
  /** Time of its steps by a monotonic clock, without the validation. */
  readonly seconds: number;
  readonly examples: number;
  readonly examplesPerSecond: number;
}
