// Another shape over the same values: a view, never a copy.

import { FunctionNode } from '../autodiff/node.ts';
import { attach, isRecording, isTraced } from '../autodiff/recording.ts';
import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import type { Shape } from '../contract/shape.ts';
import { checkIsList, checkShape, formatShape, lengthsOf, normalizeAxes, sizeOf } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import { shown } from '../contract/shown.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * The same values in row-major order under another shape. One length may be -1: it follows from the others.
 * @throws ShapeError when the sizes differ
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor('reshape', x);
  return viewAs(x, resolve(x, shape));
}

/** `reshape` to a shape of the same size: nothing is checked. */
export function viewAs(x: Tensor, shape: Shape): Tensor {
  const y = x.make(x.storage, x.offset, { dtype: x.dtype, shape, size: x.size });
  if (isRecording() && isTraced(x)) {
    const from = x.shape;
    attach(new FunctionNode('reshape', { x }, (d) => ({ x: d['y'] && reshape(d['y'], from) })), { y });
  }
  return y;
}

function resolve({ shape: from, size }: Tensor, shape: Shape): Shape {
  checkIsList('reshape', shape);
  const target: number[] = []; // a copy: the caller's list may change later
  let open = -1;
  let known = 1;
  for (let i = 0; i < shape.length; i++) {
    const length = shape[i]!;
    if (typeof length !== 'number') checkShape('reshape', shape); // throws
    target.push(length);
    if (length !== -1) known *= length;
    else if (open < 0) open = i;
    else throw new ShapeError(`reshape: ${shown(shape)} leaves two lengths open; one can be -1`);
  }
  if (open >= 0) {
    target[open] = known === 0 ? 0 : size / known;
    if (!Number.isInteger(target[open])) throw new ShapeError(`reshape: ${formatShape(from)} does not divide into ${shown(shape)}`);
    known *= target[open]!;
  }
  checkShape('reshape', target);
  if (known !== size) throw new ShapeError(`reshape: ${formatShape(from)} has ${size} elements, ${formatShape(shape)} has ${known}`);
  return target;
}

/** Merges all axes from `start` on into one: with start 1, `[batch, height, width, channels]` becomes `[batch, features]`. */
export function flatten(x: Tensor, start = 0): Tensor {
  checkTensor('flatten', x);
  checkValue('flatten', start, check.integer(0, x.shape.length), 'start');
  return reshape(x, [...lengthsOf(x.shape, 0, start), sizeOf(lengthsOf(x.shape, start))]);
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
