// Writes host values into new tensors.

import type { TypedArray } from '../contract/dtype.ts';
import { ShapeError } from '../contract/errors.ts';
import { formatShape } from '../contract/shape.ts';
import { elementCount } from '../contract/typed-array.ts';
import { hostStep, isHostIntercepted } from '../dispatch/host-step.ts';
import { ownShape } from '../contract/own-shape.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import { checkMaker } from './check-tensor.ts';
import { abandon, allocate } from './handle.ts';
import type { Maker } from './maker.ts';

/**
 * A tensor with the given values, on the backend of `maker`. The array belongs to the caller.
 * @param data the values, or a function that makes them; each replay of a recording calls it again
 * @throws ShapeError when the array's length is not the spec's size
 */
export function writeAt<T>(maker: Maker<T>, given: Spec, data: TypedArray | (() => TypedArray)): T {
  checkMaker('writeAt', maker);
  const { backend } = maker;
  const spec = specOf(given.dtype, ownShape(given.shape)); // the caller's list may change later
  const checked = (values: TypedArray): TypedArray => {
    const count = elementCount(values);
    if (count === spec.size) return values;
    throw new ShapeError(`tensor: shape ${formatShape(spec.shape)} has ${spec.size} elements, the data ${count}`);
  };
  if (typeof data !== 'function') checked(data);
  const storage = allocate(backend, spec);
  const view = { storage, offset: 0, ...spec };
  try {
    if (typeof data === 'function') hostStep(() => backend.write(view, checked(data())), { backend, view });
    else if (isHostIntercepted()) {
      const own = data.slice(); // the caller's array may change before a replay
      hostStep(() => backend.write(view, own), { backend, view });
    } else backend.write(view, data);
    return maker.make(storage, 0, view);
  } catch (error) {
    abandon(backend, storage);
    throw error;
  }
}
