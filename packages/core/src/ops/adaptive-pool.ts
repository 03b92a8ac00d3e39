// Pooling to a given size. Along each axis, bin i of n reaches from ⌊i · length / n⌋ to ⌈(i + 1) length / n⌉, as in PyTorch; bins may overlap.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import { formatShape, sizeOf } from '../contract/shape.ts';
import type { Dimensions } from '../contract/space.ts';
import { checkSpace } from '../contract/space.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkFloats, inFloat32 } from './operands.ts';
import { maxPoolImages } from './pool2d.ts';
import type { Sums } from './resample.ts';
import { readAlong, sumAlong } from './resample.ts';
import { reshape } from './reshape.ts';
import type { PerAxis } from './window.ts';
import { checkLengths, listOf } from './window.ts';

/** The elements of each bin, as many for all: shorter bins repeat their last element, with a share of 0. */
function binsOf(length: number, count: number): Sums {
  const begin = (i: number): number => Math.floor((i * length) / count);
  const totals = Float32Array.from({ length: count }, (_, i) => Math.ceil(((i + 1) * length) / count) - begin(i));
  const taps = totals.reduce((most, total) => Math.max(most, total), 1);
  const [reads, shares] = [new Int32Array(count * taps), new Float32Array(count * taps)];
  for (let i = 0; i < count; i++) {
    for (let tap = 0; tap < taps; tap++) {
      reads[i * taps + tap] = begin(i) + Math.min(tap, totals[i]! - 1);
      shares[i * taps + tap] = tap < totals[i]! ? 1 : 0;
    }
  }
  return { reads, shares, totals };
}

function meansAlong(x: Tensor, axis: number, count: number): Tensor {
  return sumAlong(x, axis, binsOf(x.shape[axis]!, count));
}

function maximaAlong(x: Tensor, axis: number, count: number): Tensor {
  const { reads } = binsOf(x.shape[axis]!, count);
  const taps = reads.length / count;
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const columns = reshape(readAlong(x, axis, reads), [sizeOf(before), count * taps, sizeOf(after.slice(0, -1)), after.at(-1)!]);
  return reshape(maxPoolImages(columns, { window: [taps, 1], strides: [taps, 1], padding: [0, 0, 0, 0] }), [...before, count, ...after]);
}

function adaptive<D extends Dimensions>(
  op: string,
  dimensions: D,
  x: Tensor,
  outputSize: PerAxis<D>,
  poolAlong: (x: Tensor, axis: number, count: number) => Tensor,
): Tensor {
  checkTensor(op, x);
  checkValue(op, outputSize, check.perAxis(dimensions), 'outputSize');
  checkFloats(op, x);
  checkSpace(op, dimensions, x.shape);
  if (x.shape.slice(1, -1).includes(0)) throw new ShapeError(`${op}: input ${formatShape(x.shape)} has no elements to pool`);
  const size = listOf(outputSize, dimensions);
  checkLengths(op, 'outputSize', size, 1, dimensions);
  // The last axis first: of equal maxima, the first in row-major order is then found.
  const pooled = inFloat32(x, (wide) =>
    size.reduceRight((part, count, i) => (part.shape[i + 1] === count ? part : poolAlong(part, i + 1, count)), wide),
  );
  return pooled === x ? x.alias() : pooled;
}

/**
 * The means of `outputSize` bins.
 * @param x float32 `[batch, length, channels]`
 * @returns `[batch, outputSize, channels]`
 */
export function adaptiveAvgPool1d(x: Tensor, outputSize: number): Tensor {
  return adaptive('adaptiveAvgPool1d', 1, x, outputSize, meansAlong);
}

/**
 * The means of bins, `outputSize` of them in each direction.
 * @param x float32 `[batch, height, width, channels]`
 * @returns `[batch, …outputSize, channels]`
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: PerAxis<2>): Tensor {
  return adaptive('adaptiveAvgPool2d', 2, x, outputSize, meansAlong);
}

/**
 * The means of bins, `outputSize` of them in each direction.
 * @param x float32 `[batch, depth, height, width, channels]`
 * @returns `[batch, …outputSize, channels]`
 */
export function adaptiveAvgPool3d(x: Tensor, outputSize: PerAxis<3>): Tensor {
  return adaptive('adaptiveAvgPool3d', 3, x, outputSize, meansAlong);
}

/**
 * The largest elements of `outputSize` bins; of equal ones the first gets the gradient.
 * @param x float32 `[batch, length, channels]`
 * @returns `[batch, outputSize, channels]`
 */
export function adaptiveMaxPool1d(x: Tensor, outputSize: number): Tensor {
  return adaptive('adaptiveMaxPool1d', 1, x, outputSize, maximaAlong);
}

/**
 * The largest elements of bins, `outputSize` of them in each direction; of equal ones the first, row by row, gets the gradient.
 * @param x float32 `[batch, height, width, channels]`
 * @returns `[batch, …outputSize, channels]`
 */
export function adaptiveMaxPool2d(x: Tensor, outputSize: PerAxis<2>): Tensor {
  return adaptive('adaptiveMaxPool2d', 2, x, outputSize, maximaAlong);
}

/**
 * The largest elements of bins, `outputSize` of them in each direction; of equal ones the first in row-major order gets the gradient.
 * @param x float32 `[batch, depth, height, width, channels]`
 * @returns `[batch, …outputSize, channels]`
 */
export function adaptiveMaxPool3d(x: Tensor, outputSize: PerAxis<3>): Tensor {
  return adaptive('adaptiveMaxPool3d', 3, x, outputSize, maximaAlong);
}
