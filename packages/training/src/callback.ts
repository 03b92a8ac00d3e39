// The interface of callbacks, and what they see of a training. `fit` calls them in the order of their list and awaits each.

import type { Model, Named, Optimizer, Parameter, Tensor } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import type { CallbackState, Checkpoint } from './checkpoint/contents.ts';
import type { EpochResult } from './epoch-result.ts';

/** Why a training ended: all epochs done, its signal aborted, its time over, early stopping, or the reason that a callback gave to `stop`. */
export type StopReason = 'finished' | 'aborted' | 'time' | 'early' | (string & {});

/** Whether a training ended in its course, so that it can be resumed from its last step. */
export function isInterrupted(reason: StopReason): boolean {
  return reason === 'aborted' || reason === 'time';
}

/**
 * A training under way. It does not move while a callback runs, so all values read here belong together. If the backend's `info.reading` is
 * `waits`, the training may be up to two steps ahead of the step that `onStep` reports, unless `pausesAfter` asked it to pause.
 */
export interface Session {
  /** The model as `fit` was given it, here typed as one that maps a tensor to a tensor. */
  readonly model: Model;
  /** The optimizer; of those of several parts, the first. */
  readonly optimizer: Optimizer;
  /** The number of epochs to train. */
  readonly epochs: number;
  /** The number of batches in an epoch, if the source knows it. */
  readonly steps: number | undefined;
  /** The epoch in progress, from 1; one more than `epochs` when all are done. */
  readonly epoch: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Steps done in all epochs, those before a resumption included. */
  readonly globalStep: number;
  /** The results of the epochs done. */
  readonly history: readonly EpochResult[];
  /** Warnings of one line each, e.g. that the checkpoint came from another engine. */
  readonly warnings: readonly string[];
  /** Ends the training once all callbacks of the current event have run. */
  stop(reason: StopReason): void;
  /**
   * Takes a checkpoint of step `globalStep`, with the values at the time of the call. `onStep` may not have reported that step yet.
   * @throws TrainingError when a weight is NaN or infinite: such a checkpoint would be useless
   */
  checkpoint(): Promise<Checkpoint>;
}

/** A step that is done. */
export interface StepInfo {
  /** The epoch of the step, from 1. */
  readonly epoch: number;
  /** The step within the epoch, from 1. */
  readonly step: number;
  /** The number of steps in an epoch, if the source knows it. */
  readonly steps?: number;
  readonly globalStep: number;
  /** The loss of this step's batch. */
  readonly loss: number;
  /** The number of examples seen in this epoch so far. The means below are over these examples. */
  readonly examples: number;
  readonly meanLoss: number;
  /** Present if the targets are class numbers. */
  readonly meanAccuracy?: number;
  readonly meanMetrics?: Readonly<Record<string, number>>;
  /** Seconds spent in this epoch so far. */
  readonly seconds: number;
}

/** A step whose gradients are known and whose update is not made yet. A step of the caller's with several updates has one for each. */
export interface GradientsInfo {
  /** The number of this step, from 1; the session counts it only when its update is made. */
  readonly globalStep: number;
  /** The parameters that the optimizer updates, with their values before the update. */
  readonly parameters: readonly Named<Parameter>[];
  /** The gradient of the loss for each parameter, of the same shape. The step releases them; `keep` what is needed longer. */
  readonly gradients: readonly Tensor[];
}

/** Functions that `fit` calls during a training. An error thrown by one ends the training and reaches the caller of `fit` unchanged. */
export interface Callback {
  /** The name under which a checkpoint keeps the callback's state. Required with `capture`. */
  readonly name?: string;
  /**
   * Whether it is called after the callbacks without this mark, wherever it stands in the list. `checkpointing` has it, so that a checkpoint
   * holds what the others did at the same event. Default false.
   */
  readonly last?: boolean;
  /** Called before the first step; in a resumed training, after `restore`. */
  onStart?(session: Session): void | Promise<void>;
  /**
   * Whether the training must pause at this step until `onStep` has run, e.g. because `onStep` takes a checkpoint or reads weights. `fit`
   * asks before it issues the next step. If the backend's `info.reading` is `waits`, the device idles during the pause, so return true only
   * where it is needed. Default false.
   */
  pausesAfter?(globalStep: number): boolean;
  /** Whether `onGradients` is to be called in this step. `fit` asks before it issues the step. Default false. */
  wantsGradients?(globalStep: number): boolean;
  /**
   * Called within a step, between its gradients and its update, and only synchronously: the tensors that it makes are released with the step.
   * A function that it returns is called after the update, in the same scope. If the backend's `info.reading` is `waits`, the loss of the step
   * may turn out not to be finite; then the update changes nothing.
   */
  onGradients?(info: GradientsInfo, session: Session): void | (() => void);
  /** Called after each step. */
  onStep?(info: StepInfo, session: Session): void | Promise<void>;
  /** Called after each epoch and its validation. */
  onEpoch?(result: EpochResult, session: Session): void | Promise<void>;
  /** Called when the training ends; the reason is `failed` if an error ended it. */
  onStop?(reason: StopReason | 'failed', session: Session): void | Promise<void>;
  /** Returns the callback's current state for a checkpoint, synchronously. The callback keeps the tensors and disposes of them. */
  capture?(): CallbackState<Tensor>;
  /** Restores a state that `capture` returned. */
  restore?(state: CallbackState<NamedArray>): void;
}
