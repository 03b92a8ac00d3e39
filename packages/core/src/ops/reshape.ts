// Another shape over the same values: a view, never a copy.

import { FunctionNode } from '../autodiff/node.ts';
import { attach, isRecording, isTraced } from '../autodiff/recording.ts';
import { ShapeError } from '../contract/errors.ts';
import type { Shape } from '../contract/shape.ts';
import { checkIsList, checkShape, formatShape, normalizeAxis, sizeOf } from '../contract/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * The same values in row-major order under another shape. One length may be -1: it follows from the others.
 * @throws ShapeError when the sizes differ
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  x.assertAlive('reshape');
  const target = resolve(x, shape);
  const y = x.make(x.storage, x.offset, { dtype: x.dtype, shape: target, size: x.size });
  if (isRecording() && isTraced(x)) {
    const from = x.shape;
    attach(new FunctionNode('reshape', { x }, (d) => ({ x: d['y'] && reshape(d['y'], from) })), { y });
  }
  return y;
}

function resolve(x: Tensor, shape: Shape): Shape {
  checkIsList('reshape', shape);
  const target = shape.slice(); // a copy: the caller's array may change later
  const unknown = target.indexOf(-1);
  if (unknown >= 0) {
    if (unknown !== target.lastIndexOf(-1)) throw new ShapeError(`reshape: ${formatShape(shape)} leaves two lengths open; one can be -1`);
    target[unknown] = 1;
    const known = sizeOf(target);
    target[unknown] = known === 0 ? 0 : x.size / known;
    if (!Number.isInteger(target[unknown]))
      throw new ShapeError(`reshape: ${formatShape(x.shape)} does not divide into ${formatShape(shape)}`);
  }
  checkShape('reshape', target);
  if (sizeOf(target) !== x.size)
    throw new ShapeError(`reshape: ${formatShape(x.shape)} has ${x.size} elements, ${formatShape(shape)} has ${sizeOf(target)}`);
  return target;
}

/** Merges all axes from `start` on into one: with start 1, `[batch, height, width, channels]` becomes `[batch, features]`. */
export function flatten(x: Tensor, start = 0): Tensor {
  return reshape(x, [...x.shape.slice(0, start), sizeOf(x.shape.slice(start))]);
}

/** A new axis of length 1 before `axis`; -1 appends it. */
export function expandDims(x: Tensor, axis: number): Tensor {
  const at = normalizeAxis('expandDims', axis, x.shape.length + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/**
 * Drops axes of length 1: the given ones, or all.
 * @throws ShapeError when a given axis is longer
 */
export function squeeze(x: Tensor, axes?: readonly number[]): Tensor {
  const drop = axes?.map((axis) => normalizeAxis('squeeze', axis, x.shape.length));
  for (const axis of drop ?? []) {
    if (x.shape[axis] !== 1) throw new ShapeError(`squeeze: axis ${axis} of ${formatShape(x.shape)} has length ${x.shape[axis]}, not 1`);
  }
  return reshape(
    x,
    x.shape.filter((length, i) => (drop === undefined ? length !== 1 : !drop.includes(i))),
  );
}
