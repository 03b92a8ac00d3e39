// What training needs of models and optimizers, by structure: anyone's own will do.

import type { Seed } from '../random/key.ts';
import type { Shape } from '../contract/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Context } from './context.ts';
import type { Parameter } from './parameter.ts';

/** Anything that maps a batch to a batch; its parameters are found by `walk`. */
export interface Model {
  call(x: Tensor, context: Context): Tensor;
}

/** A model that makes its parameters when it learns the shape of its input (without the batch axis). Returns the shape of its output. */
export interface Buildable {
  build(inputShape: Shape, seed: Seed): Shape;
}

/** An optimizer's own tensors and counts, by name: what a checkpoint holds. */
export interface OptimizerState {
  readonly step: number;
  /** Names are those of the slots, e.g. `m` and `v`, each with one tensor for each parameter. */
  readonly slots: Readonly<Record<string, readonly Tensor[]>>;
}

/** What an optimizer is told of one step. */
export interface StepOptions {
  /**
   * A bool scalar, computed on the device: where true, parameters and slots stay what they were (the loss, or a gradient, was not finite). The
   * step is counted all the same, as the host does not wait for the answer; who skips it on purpose sets the count back with `restore`.
   */
  readonly skip?: Tensor;
}

export interface Optimizer {
  /**
   * Moves parameters against their gradients, once. The same parameters in the same order at every call.
   *
   * Where a backend's `info.reading` is `waits`, `fit` issues a step before it knows the loss, with `skip`. An optimizer that ignores `skip`
   * trains there as it does anywhere else, but loses its weights when a loss is not finite: that step, and up to two after it, are taken
   * before the training stops.
   */
  step(parameters: readonly Parameter[], gradients: readonly Tensor[], options?: StepOptions): void;
  /** Snapshots for a checkpoint. */
  state(): OptimizerState;
  /** Takes a checkpoint's state over, for the same parameters. */
  restore(state: OptimizerState): void;
}
