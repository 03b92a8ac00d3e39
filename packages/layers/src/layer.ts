// The interface of layers, and how a model calls its parts.

import type { AnyModel, Buildable, LayerCall, Model, Tensor, Tree } from '@sinapse/core';
import { Context, SinapseError, scope, shown } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import type { Regularizer } from './regularizer-option.ts';

/**
 * A part of a model. `build` makes its parameters when the input's shape is known; `call` is its formula. Any object with `type`, `build`
 * and `call` is a layer. It maps a tensor to a tensor unless it says otherwise: `Layer<readonly Tensor[], Tensor>` takes a list.
 */
export interface Layer<In = Tensor, Out = Tensor> extends Model<In, Out>, Buildable<In, Out> {
  /** The kind of layer, e.g. `conv2d`. Summaries and errors show it, and default names begin with it. */
  readonly type: string;
  /** The layer's formula. It may overwrite x only if `context.isHandedOver(x, this)` is true. */
  call(x: In, context: Context): Out;
  /**
   * The call that makes this layer again, with complete options, by which a model file describes it. Initialisers are left out, because the file
   * has the weights. A layer without this method cannot be described.
   */
  describe?(): LayerCall;
}

/** A layer, whatever it takes and gives. */
export type AnyLayer = Layer<never, unknown>;

export function isModel(value: unknown): value is AnyModel {
  return typeof value === 'object' && value !== null && 'call' in value && typeof value.call === 'function';
}

export function isLayer(value: unknown): value is AnyLayer {
  return isModel(value) && 'build' in value && 'type' in value;
}

/** What a model takes, and what it gives. */
type InputOf<M> = M extends { call(x: infer In, context: Context): unknown } ? In : never;
type OutputOf<M> = M extends { call(x: never, context: Context): infer Out } ? Out : never;

/** A layer whose kernel can add a residual to its result and apply an activation to the sum, without another pass over memory. */
export interface FusingLayer extends Layer {
  readonly activation: ActivationOption;
  /** The penalty on the layer's own result, which must then not be fused with a residual. */
  readonly activityRegularizer?: Regularizer | undefined;
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
export function callChild<M extends AnyModel>(
  name: string,
  child: M,
  x: InputOf<M>,
  context: Context,
  run: (child: M, context: Context) => OutputOf<M> = (part, inside) => part.call(x as never, inside) as OutputOf<M>,
): OutputOf<M> {
  if (!isModel(child)) throw new SinapseError(`callChild: expected a part of the model with call(x, context), got ${shown(child)}`);
  if (!(context instanceof Context)) throw new SinapseError(`callChild: expected the context of the call, got ${shown(context)}`);
  return callPart(name, child, x, context.child(name), (inside) => run(child, inside));
}

/** Calls a part of a model in a context of its own: the core of `callChild`. */
export function callPart<Out>(name: string, child: object, x: unknown, inner: Context, run: (context: Context) => Out): Out {
  const y = located(name, () => scope(() => run(inner)));
  return (inner.observe?.(inner.path, child, x as Tree<Tensor>, y as Tree<Tensor>) as Out | undefined) ?? y;
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
