// What a model is told in a call: whether it is being trained, its random key, and where new state goes.

import * as check from '../contract/checks.ts';
import { ShapeError, SinapseError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { formatShape } from '../contract/shape.ts';
import type { Tree } from '../contract/tree.ts';
import type { Seed } from '../random/key.ts';
import { RandomKey, randomKey } from '../random/key.ts';
import { where } from '../ops/select.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { stopGradient } from '../autodiff/stop.ts';
import type { State } from './parameter.ts';

/** Called after each layer has run, inner layers first. Summaries use it to see inside a model, others to change what a layer gives. */
export type LayerObserver = NonNullable<ContextOptions['observe']>;

export interface ContextOptions {
  /** Whether the model is being trained. Only then does dropout drop, and do running statistics move. */
  readonly training?: boolean | undefined;
  /** The random key of this step, needed if a layer draws random numbers. */
  readonly seed?: Seed | undefined;
  /**
   * See `LayerObserver`. Input and output are tensors, or trees of them for layers that take or give several; most observers need not ask. What it
   * returns, if anything, takes the place of the output.
   */
  observe?(this: void, path: string, layer: object, input: Tree<Tensor>, output: Tree<Tensor>): Tree<Tensor> | void;
}

const CONTEXT: OptionChecks<ContextOptions> = { training: check.flag, seed: check.seed, observe: check.callable };

/** The context of the model that a part belongs to, the part's name there, and how often it was called before in this call. */
interface Parent {
  readonly context: Context;
  readonly name: string;
  readonly before: number;
}

export class Context {
  readonly training: boolean;
  readonly observe: LayerObserver | undefined;
  private readonly parent: Parent | undefined;
  private readonly ownKey: RandomKey | undefined;
  private readonly pending: Map<State, Tensor>;
  private readonly penalties: Tensor[];
  private handed: { readonly x: Tensor; readonly reader: object } | undefined;

  constructor(options: ContextOptions = {}, parent?: Parent) {
    if (parent === undefined) checkOptions('Context', options, CONTEXT);
    const from = parent?.context;
    this.training = options.training ?? false;
    this.observe = options.observe;
    this.parent = parent;
    this.ownKey = options.seed === undefined ? undefined : randomKey(options.seed);
    this.pending = from === undefined ? new Map() : from.pending;
    this.penalties = from === undefined ? [] : from.penalties;
  }

  /** The names from the model down to this part, joined by slashes; empty for the model itself. */
  get path(): string {
    if (this.parent === undefined) return '';
    const { context, name } = this.parent;
    return context.path === '' ? name : `${context.path}/${name}`;
  }

  /** The random key of this part of the model, in this step. */
  get key(): RandomKey {
    const key = this.findKey();
    if (key === undefined)
      throw new SinapseError(
        'context: a layer draws random numbers in training; give the context a seed: new Context({ training: true, seed })',
      );
    return key;
  }

  /** Folds the key on request only, as few layers draw random numbers. */
  private findKey(): RandomKey | undefined {
    if (this.ownKey !== undefined || this.parent === undefined) return this.ownKey;
    const { context, name, before } = this.parent;
    const key = context.findKey()?.fold(name);
    return before === 0 ? key : key?.fold('again').fold(before);
  }

  /**
   * The context of a part of the model. Its path and random key include the name.
   * @param before how often the part was called before in this call: each call has its own random key
   */
  child(name: string, before = 0): Context {
    const { training, observe } = this;
    return new Context({ training, ...(observe && { observe }) }, { context: this, name, before });
  }

  /**
   * Tells a part of the model, about to be called in this context, that nothing reads a tensor after it: it may overwrite the values. Only
   * `reader` is told; parts that it calls are not. Does nothing if there is an observer, which reads x after the call.
   * @param x a tensor that the caller made, or was itself handed, and does not read again
   */
  handOver(x: Tensor, reader: object): void {
    if (this.observe === undefined) this.handed = { x, reader };
  }

  /** Whether the caller of `reader` handed x over to it, so that nothing else reads x. */
  isHandedOver(x: Tensor, reader: object): boolean {
    return this.handed?.reader === reader && this.handed.x === x;
  }

  /** The value of a state that was noted last, or its current one: a layer that is called twice goes on from its first call. */
  latest(state: State): Tensor {
    return this.pending.get(state)?.alias() ?? state.value;
  }

  /** Notes the new value of a state, to be written by `commit`. Until then the state reads as its old value. */
  update(state: State, value: Tensor): void {
    state.checkFits(value);
    const next = stopGradient(value).keep();
    this.pending.get(state)?.dispose();
    this.pending.set(state, next);
  }

  /**
   * Adds a scalar to the loss of this step, e.g. a penalty on a layer's output. Does nothing unless the model is being trained.
   * @throws ShapeError when the penalty is not a scalar
   */
  penalise(penalty: Tensor): void {
    if (penalty.size !== 1) throw new ShapeError(`context: a penalty must be a scalar, got ${formatShape(penalty.shape)}`);
    if (this.training) this.penalties.push(penalty.alias().keep());
  }

  /** The penalties that the model's parts have added, which belong to the caller then. `penaltyOf` adds them up. */
  takePenalties(): Tensor[] {
    return this.penalties.splice(0);
  }

  /**
   * Makes the noted states keep their current values if a bool scalar is true. The device reads the scalar: the host may commit the states before
   * it knows whether the step succeeds.
   */
  keepWhere(skip: Tensor): void {
    scope(() => {
      for (const [state, value] of this.pending) {
        this.pending.set(state, where(skip, state.tensor, value).keep());
        value.dispose();
      }
    });
  }

  /** Writes all noted states. */
  commit(): void {
    try {
      for (const [state, value] of this.pending) state.assign(value);
    } finally {
      this.discard();
    }
  }

  /** Forgets all noted states and penalties, after a step that failed or whose values are not wanted. */
  discard(): void {
    for (const penalty of this.takePenalties()) penalty.dispose();
    for (const value of this.pending.values()) value.dispose();
    this.pending.clear();
  }
}
