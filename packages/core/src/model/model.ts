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

export interface Optimizer {
  /** Moves parameters against their gradients, once. The same parameters in the same order at every call. */
  step(parameters: readonly Parameter[], gradients: readonly Tensor[]): void;
  /** Snapshots for a checkpoint. */
  state(): OptimizerState;
  /** Takes a checkpoint's state over, for the same parameters. */
  restore(state: OptimizerState): void;
}
