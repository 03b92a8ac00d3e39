// Host values into new tensors.

import type { TypedArray } from '../contract/dtype.ts';
import { ShapeError } from '../contract/errors.ts';
import { formatShape } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import { abandon, allocate } from './handle.ts';
import type { Maker } from './maker.ts';

/**
 * A tensor with the given values, on the backend of `place`. The array stays the caller's.
 * @throws ShapeError when the array has another length than the spec
 */
export function writeAt<T>(place: Maker<T>, spec: Spec, data: TypedArray): T {
  if (data.length !== spec.size)
    throw new ShapeError(`tensor: shape ${formatShape(spec.shape)} has ${spec.size} elements, the data ${data.length}`);
  const storage = allocate(place.backend, spec);
  try {
    place.backend.write({ storage, offset: 0, ...spec }, data);
    return place.make(storage, 0, spec);
  } catch (error) {
    abandon(place.backend, storage);
    throw error;
  }
}
