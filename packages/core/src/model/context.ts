// What a model is told when it is called: whether it is trained, which random numbers to use, where to put new state.

import { SinapseError } from '../contract/errors.ts';
import type { Seed } from '../random/key.ts';
import { RandomKey, randomKey } from '../random/key.ts';
import { where } from '../ops/select.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { stopGradient } from '../autodiff/stop.ts';
import type { State } from './parameter.ts';

/** Told of every layer when it has run, inner ones first: how summaries see inside a model. */
export type LayerObserver = (path: string, layer: object, input: Tensor, output: Tensor) => void;

export interface ContextOptions {
  /** Dropout drops and statistics move only in training. */
  readonly training?: boolean;
  /** Needed where a layer draws random numbers: a key for this very step. */
  readonly seed?: Seed;
  readonly observe?: LayerObserver | undefined;
}

export class Context {
  readonly training: boolean;
  readonly observe: LayerObserver | undefined;
  private readonly parent: { readonly context: Context; readonly name: string } | undefined;
  private readonly ownKey: RandomKey | undefined;
  private readonly pending: Map<State, Tensor>;
  private handed: { readonly x: Tensor; readonly reader: object } | undefined;

  constructor(options: ContextOptions = {}, parent?: { readonly context: Context; readonly name: string }) {
    const from = parent?.context;
    this.training = options.training ?? false;
    this.observe = options.observe;
    this.parent = parent;
    this.ownKey = options.seed === undefined ? undefined : randomKey(options.seed);
    this.pending = from === undefined ? new Map() : from.pending;
  }

  /** Names from the model down to this part of it, with slashes between them; empty for the model. */
  get path(): string {
    if (this.parent === undefined) return '';
    const { context, name } = this.parent;
    return context.path === '' ? name : `${context.path}/${name}`;
  }

  /** The random key of this place in the model, in this step. */
  get key(): RandomKey {
    const key = this.findKey();
    if (key === undefined)
      throw new SinapseError(
        `${this.path || 'model'}: draws random numbers in training; give the context a seed: new Context({ training: true, seed })`,
      );
    return key;
  }

  /** Folded only when it is asked for: few layers draw random numbers. */
  private findKey(): RandomKey | undefined {
    return this.ownKey ?? this.parent?.context.findKey()?.fold(this.parent.name);
  }

  /** The context of a part of the model: its path and random key carry the name. */
  child(name: string): Context {
    return new Context({ training: this.training, observe: this.observe }, { context: this, name });
  }

  /**
   * Tells a part of the model, which is about to be called in this context, that it is the last to read a tensor: it may write over the values.
   * Only the part named is told: one that it calls in turn, or one that does not ask, reads x as ever. An observer reads x after the
   * call, so with one nobody is told.
   * @param x a tensor that the caller made, or was handed over itself, and does not read again
   */
  handOver(x: Tensor, reader: object): void {
    if (this.observe === undefined) this.handed = { x, reader };
  }

  /** Whether whoever called `reader` handed a tensor over to it: nobody else reads x from now on. */
  isHandedOver(x: Tensor, reader: object): boolean {
    return this.handed?.reader === reader && this.handed.x === x;
  }

  /** Notes the new value of a state; it is written when the step succeeds. Within the step the old value is still read. */
  update(state: State, value: Tensor): void {
    state.checkFits(value);
    const next = stopGradient(value).keep();
    this.pending.get(state)?.dispose();
    this.pending.set(state, next);
  }

  /**
   * Where a bool scalar is true, the noted states will keep the values that they have now. The device decides: the step may be issued, and its
   * states written, before the host knows whether it succeeds.
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

  /** Forgets all noted states: the step failed, or its values mean nothing. */
  discard(): void {
    for (const value of this.pending.values()) value.dispose();
    this.pending.clear();
  }
}
