// The interface of layers, and how a model calls its parts.

import type { Buildable, LayerCall, Model, Tensor } from '@sinapse/core';
import { Context, SinapseError, scope, shown } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';

/**
 * A part of a model. `build` makes its parameters when the input's shape is known; `call` is its formula. Any object with `type`, `build`
 * and `call` is a layer.
 */
export interface Layer extends Model, Buildable {
  /** The kind of layer, e.g. `conv2d`. Summaries and errors show it, and default names begin with it. */
  readonly type: string;
  /** The layer's formula. It may overwrite x only if `context.isHandedOver(x, this)` is true. */
  call(x: Tensor, context: Context): Tensor;
  /**
   * The call that makes this layer again, with complete options, by which a model file describes it. Initialisers are left out, because the file
   * has the weights. A layer without this method cannot be described.
   */
  describe?(): LayerCall;
}

export function isModel(value: unknown): value is Model {
  return typeof value === 'object' && value !== null && 'call' in value && typeof value.call === 'function';
}

export function isLayer(value: unknown): value is Layer {
  return isModel(value) && 'build' in value && 'type' in value;
}

/** A layer whose kernel can add a residual to its result and apply an activation to the sum, without another pass over memory. */
export interface FusingLayer extends Layer {
  readonly activation: ActivationOption;
  /**
   * activation(result + residual), where `result` is the layer's output without its own activation.
   * @param residual of the result's shape; it may be overwritten if `context.isHandedOver(residual, this)` is true
   */
  callFused(x: Tensor, context: Context, activation: ResolvedActivation, residual?: Tensor): Tensor;
}

/**
 * Calls a part of a model under a name, as `sequential` does with its layers. The part's intermediate results are released after the call,
 * its errors say where in the model they arose, it has its own random numbers, and summaries list it. Use it in your own `call` methods:
 * `callChild('conv1', this.conv1, x, context)`.
 * @param run what to run instead of the part's `call`
 */
export function callChild<M extends Model>(
  name: string,
  child: M,
  x: Tensor,
  context: Context,
  run: (child: M, context: Context) => Tensor = (part, inside) => part.call(x, inside),
): Tensor {
  if (!isModel(child)) throw new SinapseError(`callChild: expected a part of the model with call(x, context), got ${shown(child)}`);
  if (!(context instanceof Context)) throw new SinapseError(`callChild: expected the context of the call, got ${shown(context)}`);
  const inner = context.child(name);
  const y = located(name, () => scope(() => run(child, inner)));
  inner.observe?.(inner.path, child, x, y);
  return y;
}

/** Runs a callback. If it throws a SinapseError, the layer's name is added to the error. */
export function located<T>(name: string, callback: () => T): T {
  try {
    return callback();
  } catch (error) {
    if (error instanceof SinapseError) error.within(name);
    throw error;
  }
}
