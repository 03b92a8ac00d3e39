// A step of one's own: what `fit` does with a batch in place of loss, gradients and one update. It may train several models in turn (a GAN),
// lessen another loss than that of the targets (distillation, reinforcement), or add up the gradients of pieces of a batch. The loop around it
// stays: order of the data, callbacks, checkpoints, abort, and steps issued ahead of a device that answers late.

import type { Context, RandomKey, Tensor, Tree } from '@sinapse/core';
import type { BatchArray } from './batch.ts';

/**
 * Trains on one batch. It runs in a scope, synchronously, and calls `minimize`, or `gradients` and `update`, as often as it needs. A step is done
 * whole or not at all: if it throws, or if one of its losses is not finite, every parameter, state and optimizer is as it was before the step.
 *
 * All that a resumed step depends on must lie in the model (a running mean in a `State`, a copy of a network among its members), in the batch, and in
 * `key`: variables of the function's own would be lost.
 * @returns the loss to tell, a scalar; or the loss and further measures
 */
export type TrainStep<M = object, B = StepData> = (batch: StepBatch<B>, tools: StepTools<M>) => Tensor | StepResult;

/** A batch as a source gives it for such a step: x, and y if the step reads it. Each is an array, or arrays in lists and objects. */
export interface StepData {
  readonly x: unknown;
  readonly y?: unknown;
}

/** Gives batches for a step of one's own, like a BatchSource; targets may be absent. */
export interface StepSource<B extends StepData = StepData> {
  readonly length?: number | undefined;
  iterate(options: { readonly epoch: number; readonly skip?: number; readonly signal?: AbortSignal }): AsyncIterable<B>;
}

/** Tensors in the form of a batch's arrays. */
export type TensorsOf<X> = X extends BatchArray ? Tensor : { readonly [Name in keyof X]: TensorsOf<X[Name]> };

/** A batch whose arrays are tensors, which the step's scope releases. */
export interface StepBatch<B = StepData> {
  readonly x: B extends { readonly x: infer X } ? TensorsOf<X> : never;
  /** Undefined if the source gives none. */
  readonly y: B extends { readonly y: infer Y } ? TensorsOf<Y> : undefined;
  readonly examples: number;
}

/** Gradients of a loss, and what the loss was. */
export interface StepGradients {
  /** A scalar. */
  readonly loss: Tensor;
  /** One for each trainable parameter of the part, in the order of `parametersOf`. */
  readonly gradients: readonly Tensor[];
}

/** What a step works with. */
export interface StepTools<M = object> {
  /** The model that `fit` was given. */
  readonly model: M;
  /** The context for calls of the model in training. New states (running statistics) are written at the end of the step. */
  readonly context: Context;
  /** The random key of this step, which depends on the seed of `fit` and the number of the step. Fold it by a name for each use. */
  readonly key: RandomKey;
  /**
   * Computes a loss and its gradients with respect to the trainable parameters. Penalties are part of the loss.
   * @param loss a function that gives a scalar
   * @param part whose parameters: the name of an optimizer, if `fit` was given several
   */
  readonly gradients: (loss: () => Tensor, part?: string) => StepGradients;
  /**
   * Moves the parameters by one step of their optimizer, and applies constraints. The next loss sees the new values.
   * @param gradients of a loss, as `gradients` gives them, or computed from such: a mean over pieces of the batch
   */
  readonly update: (gradients: StepGradients, part?: string) => void;
  /** Both at once. Returns the loss. */
  readonly minimize: (loss: () => Tensor, part?: string) => Tensor;
}

export interface StepResult {
  /** The loss to tell, a scalar: the mean over the batch. */
  readonly loss: Tensor;
  /** Further scalars to tell, by name: means over the batch. Every step gives the same names. */
  readonly metrics?: Readonly<Record<string, Tensor>>;
  /** The model's output `[batch, ...]` and the target: if both are given, the accuracy and the metrics of `fit` are measured. */
  readonly output?: Tree<Tensor>;
  readonly target?: Tree<Tensor>;
}
