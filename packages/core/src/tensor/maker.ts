import type { Backend } from '../contract/backend.ts';
import type { Spec, Storage } from '../contract/storage.ts';

/** Makes tensors of type T on one backend. Every tensor is a maker for its own backend. */
export interface Maker<T> {
  readonly backend: Backend;
  /** A tensor on a storage of this backend, or a part of it. */
  make(storage: Storage, offset: number, spec: Spec): T;
}
