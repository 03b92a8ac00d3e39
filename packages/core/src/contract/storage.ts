// What a backend keeps, and how core refers to a part of it.

import type { DType } from './dtype.ts';
import { BYTES } from './dtype.ts';
import type { Shape } from './shape.ts';
import { sizeOf } from './shape.ts';

/** What a tensor is, without its values: enough to allocate it. */
export interface Spec {
  readonly dtype: DType;
  readonly shape: Shape;
  /** Number of elements, the product of the shape. */
  readonly size: number;
}

export function specOf(dtype: DType, shape: Shape): Spec {
  return { dtype, shape, size: sizeOf(shape) };
}

/**
 * A block of a backend's memory. A backend extends it with its own handle (an array, an address, a texture, or a box filled by the first
 * kernel that writes it).
 */
export class Storage {
  /** Grows with every write, and with every reuse: what a backend caches about the contents is keyed by (storage, version). */
  version = 0;
  /** How many tensors refer to it. Counted by core, which releases the storage when the last one goes. */
  references = 0;
  /** How many of them only the garbage collector will release. Counted by core. */
  unscoped = 0;
  /** How many recordings will use it again: it is not released while there are any. Counted by core. */
  pins = 0;
  /** Bytes that were asked for: of the values of the spec it was allocated for, without padding. Donation and `memory()` go by them. */
  bytes: number;
  /** Bytes that it takes of the device's memory: `bytes`, and padding. */
  readonly capacity: number;

  constructor(bytes: number, capacity: number = bytes) {
    this.bytes = bytes;
    this.capacity = capacity;
  }
}

/** A contiguous, row-major run of elements in a storage: an offset, never strides. Kernels read and write views. */
export interface View extends Spec {
  readonly storage: Storage;
  /** Elements before the first one. Always 0 on a backend whose `info.offsets` is false. */
  readonly offset: number;
}

/** Bytes that a spec's values take. */
export function bytesOf(spec: Spec): number {
  return spec.size * BYTES[spec.dtype];
}
