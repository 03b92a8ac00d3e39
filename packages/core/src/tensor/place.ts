import type { Backend } from '../contract/backend.ts';
import type { Spec, Storage } from '../contract/storage.ts';
import type { Tensor } from './tensor.ts';

/** Where results are made: beside a tensor, on its backend. A tensor is a place; so is a backend, through `placeOn`. */
export interface Place {
  readonly backend: Backend;
  /** A tensor over (part of) a storage of this backend. */
  make(storage: Storage, offset: number, spec: Spec): Tensor;
}
