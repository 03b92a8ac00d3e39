// The result of one epoch of a training.

/**
 * The result of an epoch. Training means are taken over its examples while the weights change; validation means use the weights at its end.
 */
export interface EpochResult {
  /** The epoch, from 1. */
  readonly epoch: number;
  readonly loss: number;
  /** The share of labels predicted correctly, within [0, 1]. Present if the targets are class numbers. */
  readonly accuracy?: number;
  readonly metrics?: Readonly<Record<string, number>>;
  /** Present if there is a validation set. */
  readonly valLoss?: number;
  readonly valAccuracy?: number;
  readonly valMetrics?: Readonly<Record<string, number>>;
  /** Seconds that its steps took by a monotonic clock, without the validation. */
  readonly seconds: number;
  readonly examples: number;
  readonly examplesPerSecond: number;
}
