// What the machine tells the page: plain data and typed arrays.

import type { Failure } from '../../experiment/failure.ts';
import type { LayerRow } from './network.ts';

/** `stopped` before the last epoch; `play` goes on. */
export type TrainState = 'ready' | 'running' | 'paused' | 'stopped' | 'done' | 'failed';

/** What is known once data and network are there. */
export interface Prepared {
  readonly dataName: string;
  readonly trainCount: number;
  readonly testCount: number;
  readonly inputShape: readonly number[];
  readonly classNames: readonly string[];
  readonly layers: readonly LayerRow[];
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly samples: Samples;
}

/** Some examples to look at. */
export type Samples =
  | {
      readonly kind: 'images';
      readonly height: number;
      readonly width: number;
      readonly channels: number;
      /** `[count, height, width, channels]`, 0 to 255 */
      readonly pixels: Uint8Array;
      readonly labels: Int32Array;
    }
  | {
      readonly kind: 'points';
      /** `[count, 2]`, within [-1, 1] */
      readonly points: Float32Array;
      readonly labels: Int32Array;
    };

/** An image that the network takes for another class. */
export interface Mistake {
  readonly pixels: Uint8Array;
  readonly label: number;
  readonly predicted: number;
  /** The probability that the network gives its wrong answer. */
  readonly probability: number;
}

/** Measured on the test data after an epoch, or when the training was stopped. */
export interface Measured {
  /** With a fraction for the part of an epoch; 0 for a network from a file. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  /** `[classes * classes]`: how many of a class, row by row, are taken for each. */
  readonly confusion: Int32Array;
  readonly mistakes: readonly Mistake[];
}

/** What the network says over the whole plane. */
export interface Regions {
  /** Pixels of a side. */
  readonly size: number;
  /** The probability of the second class, `[size, size]`, from the top left. */
  readonly probabilities: Float32Array;
}

export interface TrainReport {
  /** Tells one training from another; 0 before there is one. */
  readonly session: number;
  readonly state: TrainState;
  readonly epoch: number;
  readonly epochs: number;
  readonly globalStep: number;
  /** Losses of the steps since the last report. */
  readonly losses: Float32Array;
  /** Means of the epoch in progress. */
  readonly meanLoss: number;
  readonly meanAccuracy: number;
  readonly examplesPerSecond: number;
  readonly millisecondsPerStep: number;
  /** Measurements since the last report. */
  readonly measured: readonly Measured[];
  readonly regions?: Regions;
  /** What ended the training, if it failed. */
  readonly failure?: Failure;
}
