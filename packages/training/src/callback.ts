// What others can see of a training, and do: callbacks are called by name in `fit`, in the order of their list, each awaited.

import type { Model, Optimizer, Tensor } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import type { CallbackState, Checkpoint } from './checkpoint/contents.ts';
import type { EpochResult } from './epoch-result.ts';

/** Why a training ended: all epochs done, its signal aborted, `early` for early stopping, or whatever a callback gave to `stop`. */
export type StopReason = 'finished' | 'aborted' | 'early' | (string & {});

/**
 * A training under way. Between two callbacks it stands still, so all that is read here belongs together. In `onStep`, where the backend's reading
 * waits, it may stand up to two steps after the one that the callback is told of, unless `pausesAfter` asked it to wait.
 */
export interface Session {
  readonly model: Model;
  readonly optimizer: Optimizer;
  /** How many epochs were asked for. */
  readonly epochs: number;
  /** Batches in an epoch, where the source knows. */
  readonly steps: number | undefined;
  /** The epoch in progress, from 1; one more than `epochs` when all are done. */
  readonly epoch: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Steps done since the beginning, over all epochs and resumptions. */
  readonly globalStep: number;
  /** Epochs done. */
  readonly history: readonly EpochResult[];
  /** What the caller should know, one line each: a checkpoint of another engine was resumed. */
  readonly warnings: readonly string[];
  /** Ends the training after the callbacks of this moment. */
  stop(reason: StopReason): void;
  /**
   * Everything needed to go on from here later: of step `globalStep`, which in `onStep` callbacks may not all
   * have heard of. The values are those of the moment of the call.
   * @throws TrainingError when a weight is not finite any more: such a checkpoint would be worthless
   */
  checkpoint(): Promise<Checkpoint>;
}

/** One step, just done. */
export interface StepInfo {
  /** From 1, like the steps. */
  readonly epoch: number;
  /** Within the epoch. */
  readonly step: number;
  /** Steps in an epoch, where the source knows. */
  readonly steps?: number;
  readonly globalStep: number;
  /** Of this step's batch. */
  readonly loss: number;
  /** Examples seen in this epoch so far; the means are over them. */
  readonly examples: number;
  readonly meanLoss: number;
  /** Where the targets are class numbers. */
  readonly meanAccuracy?: number;
  readonly meanMetrics?: Readonly<Record<string, number>>;
  /** Time in this epoch so far. */
  readonly seconds: number;
}

/** What is done beside the training itself. An error thrown here ends the training and reaches the caller of `fit` as it is. */
export interface Callback {
  /** Needed with `capture`: under which name a checkpoint keeps its state. */
  readonly name?: string;
  /** Before the first step; after `restore` when resumed. */
  onStart?(session: Session): void | Promise<void>;
  /**
   * Whether the training must stand at this very step when `onStep` hears of it: to take its checkpoint, to look at its weights. Asked before the
   * step after it is issued, and worth a false where it can be: where the backend's reading waits, the device then idles until its answer is
   * here. False unless given.
   */
  pausesAfter?(globalStep: number): boolean;
  /** After each step. */
  onStep?(info: StepInfo, session: Session): void | Promise<void>;
  /** After each epoch and its validation. */
  onEpoch?(result: EpochResult, session: Session): void | Promise<void>;
  /** At the end, however it comes; `failed` when an error ends the training. */
  onStop?(reason: StopReason | 'failed', session: Session): void | Promise<void>;
  /** Its state at this moment, for a checkpoint: synchronous. The tensors stay the callback's. */
  capture?(): CallbackState<Tensor>;
  /** Takes back what `capture` gave. */
  restore?(state: CallbackState<NamedArray>): void;
}
