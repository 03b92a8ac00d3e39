// Copies of elements, and of whole tensors, side by side.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import { checkIsList, checkShape, formatShape, lengthsOf, normalizeAxis } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { writeAt } from '../tensor/write.ts';
import { gather } from './gather.ts';
import { expandDims, reshape } from './reshape.ts';
import { broadcastTo } from './sum.ts';

/**
 * x with each slice along an axis repeated: `[1, 2]` twice is `[1, 1, 2, 2]`.
 * @param counts how often, or how often for each slice
 * @throws ShapeError when the axis is out of range, or there is not one count for each slice
 */
export function repeat(x: Tensor, counts: number | readonly number[], axis = 0): Tensor {
  checkTensor('repeat', x);
  const at = normalizeAxis('repeat', axis, x.shape.length);
  const length = x.shape[at]!;
  const [before, after] = [lengthsOf(x.shape, 0, at), lengthsOf(x.shape, at + 1)];
  if (typeof counts === 'number') {
    checkValue('repeat', counts, check.natural, 'counts');
    checkShape('repeat', [...before, length * counts, ...after]);
    return reshape(broadcastTo(expandDims(x, at + 1), [...before, length, counts, ...after]), [...before, length * counts, ...after]);
  }
  checkIsList('repeat', counts, 'a count or a list of counts');
  for (const count of counts) checkValue('repeat', count, check.natural, 'counts');
  if (counts.length !== length)
    throw new ShapeError(`repeat: ${counts.length} counts for the ${length} slices of ${formatShape(x.shape)} along axis ${at}`);
  const total = counts.reduce((a, b) => a + b, 0);
  checkShape('repeat', [...before, total, ...after]);
  const indices = new Int32Array(total);
  let end = 0;
  counts.forEach((count, i) => indices.fill(i, end, (end += count)));
  return gather(x, writeAt(x, specOf('int32', [total]), indices), at);
}

/**
 * x as a whole, side by side: `[1, 2]` twice is `[1, 2, 1, 2]`.
 * @param counts how often along each axis; the last count belongs to the last axis, an axis without one stays, and more counts make new axes
 * @throws ShapeError when it is not a list of integers >= 0
 */
export function tile(x: Tensor, counts: number | readonly number[]): Tensor {
  checkTensor('tile', x);
  const given = typeof counts === 'number' ? [counts] : counts;
  checkShape('tile', given);
  const rank = Math.max(x.shape.length, given.length);
  const [lengths, times] = [x.shape, given].map((list) => [...Array.from({ length: rank - list.length }, () => 1), ...list]) as [number[], number[]]; // prettier-ignore
  const tiled = lengths.map((length, i) => length * times[i]!);
  checkShape('tile', tiled);
  if (2 * rank > 64) throw new ShapeError(`tile: takes up to 32 axes, got ${rank}`);
  const apart = reshape(x, lengths.flatMap((length) => [1, length])); // prettier-ignore
  return reshape(broadcastTo(apart, lengths.flatMap((length, i) => [times[i]!, length])), tiled); // prettier-ignore
}
