// Another shape over the same values: a view, never a copy.

import { FunctionNode } from '../autodiff/node.ts';
import { attach, isRecording, isTraced } from '../autodiff/recording.ts';
import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import type { Shape } from '../contract/shape.ts';
import { checkIsList, checkShape, formatShape, normalizeAxes, sizeOf } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * The same values in row-major order under another shape. One length may be -1: it follows from the others.
 * @throws ShapeError when the sizes differ
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor('reshape', x);
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
  checkTensor('flatten', x);
  checkValue('flatten', start, check.integer(0, x.shape.length), 'start');
  return reshape(x, [...x.shape.slice(0, start), sizeOf(x.shape.slice(start))]);
}

/**
 * A new axis of length 1 at position `axis` of the result, or several at the positions of a list; -1 appends it.
 * @throws ShapeError when an axis is out of range for the result, or named twice
 */
export function expandDims(x: Tensor, axis: number | readonly number[]): Tensor {
  checkTensor('expandDims', x);
  if (typeof axis !== 'number') checkIsList('expandDims', axis, 'an axis or a list of axes');
  const rank = x.shape.length + (typeof axis === 'number' ? 1 : axis.length);
  const shape = [...x.shape];
  for (const at of normalizeAxes('expandDims', axis, rank)) shape.splice(at, 0, 1); // in ascending order
  return reshape(x, shape);
}

/**
 * Drops axes of length 1: one, several, or all.
 * @throws ShapeError when a given axis is longer
 */
export function squeeze(x: Tensor, axis?: number | readonly number[]): Tensor {
  checkTensor('squeeze', x);
  const drop = axis === undefined ? undefined : normalizeAxes('squeeze', axis, x.shape.length);
  for (const at of drop ?? []) {
    if (x.shape[at] !== 1) throw new ShapeError(`squeeze: axis ${at} of ${formatShape(x.shape)} has length ${x.shape[at]}, not 1`);
  }
  return reshape(
    x,
    x.shape.filter((length, i) => (drop === undefined ? length !== 1 : !drop.includes(i))),
  );
}
