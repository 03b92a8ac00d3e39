// What `fit` is told.

import type { Optimizer } from '@sinapse/core';
import type { BatchSource } from './batch.ts';
import type { Callback } from './callback.ts';
import type { Checkpoint } from './checkpoint/contents.ts';
import type { Json } from './json.ts';
import type { Loss, Metrics } from './measure.ts';

export interface FitOptions {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  /** How often to go through the data: an integer of at least 1. A resumed training counts those of before. */
  readonly epochs: number;
  /** For the random numbers of the steps, dropout for one; an integer from 0 to 2^53 - 1. The order of the data is the source's own. */
  readonly seed: number;
  /** Measured after each epoch. */
  readonly validation?: BatchSource;
  /** Further means over the examples, by name. The accuracy needs none: it is there wherever the targets are class numbers. */
  readonly metrics?: Metrics;
  /** Called in this order. */
  readonly callbacks?: readonly Callback[];
  /** Ends the training after the running step. */
  readonly signal?: AbortSignal;
  /** Goes on from here, with a fresh model and optimizer made like those of before. */
  readonly resume?: Checkpoint;
  /** What makes this training this one: data, architecture, learning rate, … A checkpoint carries it, and resumes only where it is the same. */
  readonly fingerprint?: Readonly<Record<string, Json>>;
}
