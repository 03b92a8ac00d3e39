// The interfaces that training needs of models and optimizers. Any object with these members will do.

import type { Seed } from '../random/key.ts';
import type { Shape } from '../contract/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Context } from './context.ts';
import type { Parameter } from './parameter.ts';

/**
 * Anything that maps a batch to a batch; its parameters are found by `walk`. A batch is a tensor unless the model says otherwise: tensors in lists
 * or plain objects, `Model<{ image: Tensor; meta: Tensor }, [Tensor, Tensor]>`.
 */
export interface Model<In = Tensor, Out = Tensor> {
  call(x: In, context: Context): Out;
}

/** A model, whatever it takes and gives. */
export type AnyModel = Model<never, unknown>;

/** Shapes in the form of a model's input or output: a shape for each tensor. */
export type ShapesOf<T> = T extends Tensor ? Shape : { readonly [Name in keyof T]: ShapesOf<T[Name]> };

/**
 * The call that makes a layer, as data: `{ layer: 'dense', arguments: [{ units: 10 }] }`. Arguments are numbers, texts, booleans, null, lists and
 * objects of them, and other layers.
 */
export interface LayerCall {
  /** The name of the function. */
  readonly layer: string;
  readonly arguments: readonly unknown[];
}

/** A model whose `build` makes its parameters for an input shape (without the batch axis), and returns the output shape. */
export interface Buildable<In = Tensor, Out = Tensor> {
  build(inputShape: ShapesOf<In>, seed: Seed): ShapesOf<Out>;
}

/** An optimizer's own tensors and step count, as a checkpoint holds them. */
export interface OptimizerState {
  readonly step: number;
  /** Tensors by slot name, e.g. `m` and `v`: one for each parameter. */
  readonly slots: Readonly<Record<string, readonly Tensor[]>>;
}

/** Options of one optimizer step. */
export interface StepOptions {
  /**
   * A bool scalar on the device. If true (the loss, or a gradient, was not finite), parameters and slots do not change. The step is still counted,
   * as the host does not wait for the scalar; `restore` can set the count back.
   */
  readonly skip?: Tensor;
}

export interface Optimizer {
  /**
   * Moves parameters against their gradients, once. Every call must pass the same parameters in the same order.
   *
   * On a backend whose `info.reading` is `waits`, `fit` issues a step with `skip` before it knows the loss. An optimizer that ignores `skip`
   * trains there as on any other, but a loss that is not finite spoils its weights: that step, and up to two after it, are taken before the
   * training stops.
   */
  step(parameters: readonly Parameter[], gradients: readonly Tensor[], options?: StepOptions): void;
  /** Snapshots for a checkpoint. */
  state(): OptimizerState;
  /** Takes over the state of a checkpoint of the same parameters. */
  restore(state: OptimizerState): void;
}
