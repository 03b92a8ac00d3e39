import type { Backend } from '../contract/backend.ts';
import type { Spec, Storage } from '../contract/storage.ts';

/** What makes results: tensors of type T on one backend. A tensor is a maker, of others beside it. */
export interface Maker<T> {
  readonly backend: Backend;
  /** A tensor over (part of) a storage of this backend. */
  make(storage: Storage, offset: number, spec: Spec): T;
}
