// The lifetime of a tensor. Each tensor is a handle with one reference to a storage. This file counts live handles and storages, and has the
// garbage collector release handles made outside every scope.

import type { Backend } from '../contract/backend.ts';
import { BackendError, DTypeError, asMemoryError } from '../contract/errors.ts';
import type { DType } from '../contract/dtype.ts';
import { checkValue } from '../contract/options.ts';
import type { Shape } from '../contract/shape.ts';
import { ownShape } from '../contract/own-shape.ts';
import { formatShape } from '../contract/shape.ts';
import type { Spec, Storage, View } from '../contract/storage.ts';
import { bytesOf } from '../contract/storage.ts';
import { unscopedCollected, unscopedGrew } from './collector.ts';
import type { Owned, Scope } from './scope.ts';
import { currentScope, enter } from './scope.ts';

/** Recognises tensors across copies of this package. */
export const TENSOR_BRAND: symbol = Symbol.for('sinapse.tensor');

/** What core holds on all backends together. */
export const live = { tensors: 0, storages: 0, bytes: 0, unscopedBytes: 0 };

const DEFAULT_UNSCOPED_LIMIT = 2 ** 31;
let unscopedLimit = DEFAULT_UNSCOPED_LIMIT;

/**
 * Sets how many bytes of tensors made outside every scope may wait for the garbage collector. Above this limit an op outside every scope throws.
 * @param bytes 2 GiB unless set
 */
export function setUnscopedLimit(bytes: number): void {
  checkValue(
    'setUnscopedLimit',
    bytes,
    { expected: 'a number >= 0', accepts: (value) => typeof value === 'number' && value >= 0 },
    'bytes',
  );
  unscopedLimit = bytes;
}

/** What the finaliser needs to release a collected handle. */
interface Remains {
  readonly backend: Backend;
  readonly storage: Storage;
  counted: boolean;
}

const finalisers = new FinalizationRegistry<Remains>((remains) => {
  live.tensors--;
  if (remains.counted) {
    discountUnscoped(remains.storage);
    unscopedCollected(live.unscopedBytes);
  }
  releaseReference(remains.backend, remains.storage);
});

/** Allocates a storage and counts it. */
export function allocate(backend: Backend, spec: Spec): Storage {
  if (live.unscopedBytes > unscopedLimit && currentScope() === undefined) {
    throw new BackendError(
      `memory: ${live.unscopedBytes} bytes of tensors made outside a scope await the garbage collector; wrap the loop's body in scope(() => …), or dispose of them`,
    );
  }
  if (spec.dtype !== 'float32' && !backend.info.dtypes.storage.includes(spec.dtype))
    throw new DTypeError(`the backend ${backend.name} has no ${spec.dtype} tensors; it has ${backend.info.dtypes.storage.join(', ')}`);
  let storage: Storage;
  try {
    storage = backend.allocate(spec);
  } catch (error) {
    throw asMemoryError(error, `a ${spec.dtype} tensor ${formatShape(spec.shape)} on ${backend.name}`, bytesOf(spec));
  }
  storage.version++; // the caller will write it
  live.storages++;
  live.bytes += storage.bytes;
  return storage;
}

/** Counts a storage once, even if several handles outside of scopes refer to it. */
function countUnscoped(storage: Storage): void {
  if (storage.unscoped++ > 0) return;
  live.unscopedBytes += storage.bytes;
  unscopedGrew(live.unscopedBytes);
}

function discountUnscoped(storage: Storage): void {
  if (--storage.unscoped === 0) live.unscopedBytes -= storage.bytes;
}

function releaseReference(backend: Backend, storage: Storage): void {
  storage.references--;
  releaseUnused(backend, storage);
}

function releaseUnused(backend: Backend, storage: Storage): void {
  if (storage.references > 0 || storage.pins > 0) return;
  live.storages--;
  live.bytes -= storage.bytes;
  backend.release(storage);
}

/** Keeps a storage from being released. A pin is not a reference, so the storage can still be written in place. */
export function pin(storage: Storage): void {
  storage.pins++;
}

/** Undoes `pin`. */
export function unpin(backend: Backend, storage: Storage): void {
  storage.pins--;
  releaseUnused(backend, storage);
}

/** Releases a storage for which no handle was made, as something threw after its allocation. */
export function abandon(backend: Backend, storage: Storage): void {
  storage.references = 1;
  releaseReference(backend, storage);
}

/** What computed a tensor: a node of a gradient's graph, on a tape. This type is all that the handle knows of it. */
export interface Origin {
  readonly tape: object | undefined;
  readonly index: number;
}

export class Handle implements View, Owned {
  // A browser's console shows the fields that were set first, so the constructor sets all, in this order.
  readonly dtype: DType;
  /** A frozen list. */
  readonly shape: Shape;
  readonly size: number;
  readonly backend: Backend;
  readonly storage: Storage;
  readonly offset: number;
  /** True once released; any use then throws. */
  disposed: boolean;
  /** @internal The scope that will release it. */
  scope: Scope | undefined;
  /** @internal The tensor that entered the scope before it. */
  previous: Owned | undefined;
  /** Set by `spend`: the next op that takes it is the last to read it. */
  private spent: boolean;
  /** @internal The node that computed it, while a gradient is being recorded. */
  node: Origin | undefined;
  /** @internal The name of the output of `node` that it is. */
  output: string;
  /** @internal Present while the finaliser is to release it. */
  private remains: Remains | undefined;

  constructor(backend: Backend, storage: Storage, offset: number, spec: Spec) {
    this.dtype = spec.dtype;
    this.shape = ownShape(spec.shape);
    this.size = spec.size;
    this.backend = backend;
    this.storage = storage;
    this.offset = offset;
    this.disposed = false;
    this.scope = undefined;
    this.previous = undefined;
    this.spent = false;
    this.node = undefined;
    this.output = '';
    this.remains = undefined;
    storage.references++;
    live.tensors++;
    const scope = currentScope();
    if (scope === undefined) this.leaveScopes();
    else enter(this, scope);
  }

  /** @internal Has the finaliser release it, unless `dispose` comes first. */
  leaveScopes(counted = true): void {
    if (this.disposed || this.remains !== undefined) return;
    this.remains = { backend: this.backend, storage: this.storage, counted };
    if (counted) countUnscoped(this.storage);
    finalisers.register(this, this.remains, this);
  }

  /** Takes it out of its scope: it lives until it is disposed of or collected. It does not count towards the limit of `setUnscopedLimit`. */
  keep(): this {
    this.assertAlive('keep');
    this.scope = undefined;
    if (this.remains === undefined) this.leaveScopes(false);
    else if (this.remains.counted) {
      this.remains.counted = false;
      discountUnscoped(this.storage);
    }
    return this;
  }

  /**
   * Declares that the next op that takes this tensor is the last to read it. That op may overwrite the values with its result and dispose of the
   * tensor. Only a convolution does so, with its residual. Values are not overwritten if the tensor belongs to no scope, or if anything else
   * refers to them: a view, another handle, a gradient being recorded.
   */
  spend(): this {
    this.spent = true;
    return this;
  }

  /** @internal Whether an op may overwrite its values, if nothing else refers to them. */
  get mayBeOverwritten(): boolean {
    return this.spent && this.scope !== undefined;
  }

  /** @internal Takes it from its scope and the finaliser, for a new owner (a gradient's tape, a parameter). */
  escapeScope(): this {
    this.scope = undefined;
    this.withdraw();
    return this;
  }

  /** Cancels the release by the finaliser. */
  private withdraw(): void {
    if (this.remains === undefined) return;
    if (this.remains.counted) discountUnscoped(this.storage);
    finalisers.unregister(this);
    this.remains = undefined;
  }

  /** Releases the tensor now, and its values unless another handle (a view, a snapshot) refers to them. A second call does nothing. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.scope = undefined;
    live.tensors--;
    this.withdraw();
    releaseReference(this.backend, this.storage);
  }

  /** Lets `using x = …` dispose of a tensor at the end of its block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /**
   * @throws BackendError when it was disposed of
   */
  assertAlive(op: string): void {
    if (this.disposed) {
      throw new BackendError(
        `${op}: the ${this.dtype} tensor ${formatShape(this.shape)} was disposed of (by its scope, or by dispose()); return it from the scope or keep() it`,
      );
    }
  }
}
