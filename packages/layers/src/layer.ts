// What a layer is, and how a model calls the layers it is made of.

import type { Buildable, Context, Model, Tensor } from '@sinapse/core';
import { SinapseError, scope } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';

/**
 * A part of a model. `build` makes its parameters once the shape of the input is known, `call` is its formula. Anyone's object with these
 * three members is a layer.
 */
export interface Layer extends Model, Buildable {
  /** What kind of layer it is, e.g. `conv2d`: shown in summaries and errors, and the stem of its default name. */
  readonly type: string;
  /** The layer's formula. Whether it may write over x, `context.isHandedOver(x, this)` tells; a layer that does not ask never does. */
  call(x: Tensor, context: Context): Tensor;
}

/** A layer whose kernel can add a residual to its result and activate the sum, at no further pass over memory. */
export interface FusingLayer extends Layer {
  readonly activation: ActivationOption;
  /**
   * activation(result + residual), where the result is what the layer gives without its own activation.
   * @param residual of the result's shape; it may be overwritten where `context.isHandedOver(residual, this)`
   */
  callFused(x: Tensor, context: Context, activation: ResolvedActivation, residual?: Tensor): Tensor;
}

/**
 * Calls a part of a model under a name, the way `sequential` does for each of its layers: what the part made on the way is released early,
 * its errors say where in the model they arose, its random numbers are its own, and summaries see it. For `call` methods of one's own:
 * `callChild('conv1', this.conv1, x, context)`.
 * @param run what to do with the part, if not its `call`
 */
export function callChild<M extends Model>(
  name: string,
  child: M,
  x: Tensor,
  context: Context,
  run: (child: M, context: Context) => Tensor = (part, inside) => part.call(x, inside),
): Tensor {
  const inner = context.child(name);
  const y = located(name, () => scope(() => run(child, inner)));
  inner.observe?.(inner.path, child, x, y);
  return y;
}

/** Runs a callback; an error of the caller's that it throws carries the name of the layer on its way out. */
export function located<T>(name: string, callback: () => T): T {
  try {
    return callback();
  } catch (error) {
    if (error instanceof SinapseError) error.within(name);
    throw error;
  }
}
