// Storages, which hold a backend's values, and views, by which core refers to a part of one.

import type { DType } from './dtype.ts';
import { BYTES } from './dtype.ts';
import type { Shape } from './shape.ts';
import { sizeOf } from './shape.ts';

/** The dtype and shape of a tensor: enough to allocate it. */
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
  /** Grows with every write and every reuse. What a backend caches about the contents is keyed by (storage, version). */
  version = 0;
  /** The number of tensors that refer to it. Core counts them and releases the storage after the last. */
  references = 0;
  /** The number of those tensors that only the garbage collector will release. Core counts them. */
  unscoped = 0;
  /** The number of recordings that use it; above 0 it is not released. Core counts them. */
  pins = 0;
  /** Bytes of the spec's values, without padding. Donation and `memory()` use this figure. */
  bytes: number;
  /** Bytes of device memory that it takes, with padding. */
  readonly capacity: number;

  constructor(bytes: number, capacity: number = bytes) {
    this.bytes = bytes;
    this.capacity = capacity;
  }
}

/** A contiguous, row-major run of elements in a storage: an offset, never strides. Kernels read and write views. */
export interface View extends Spec {
  readonly storage: Storage;
  /** The storage's elements before the first of the view. Always 0 on a backend whose `info.offsets` is false. */
  readonly offset: number;
}

/** Bytes of a spec's values. */
export function bytesOf(spec: Spec): number {
  return spec.size * BYTES[spec.dtype];
}
