// The geometry of windows that slide over images: shared by convolution and pooling.

import { ShapeError, SinapseError } from '../contract/errors.ts';
import type { Padding2d, Pair } from '../contract/kernels.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape, sizeOf } from '../contract/shape.ts';
import { BYTES } from '../contract/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { padWithGaps, slice } from './slice.ts';

/**
 * Zeros around an image. `valid`: none. `same`: so many that the output length is ceil(input / stride), an odd one at the end. A number: so
 * many on every side. Pairs: [[top, bottom], [left, right]].
 */
export type Padding = 'valid' | 'same' | number | readonly [Pair, Pair];

/** One number for both directions, or [height, width]. */
export type PairLike = number | Pair;

/** @returns a copy: the caller's array may change later. Options that are wrong have been refused before */
export function pairOf(value: PairLike): Pair {
  return typeof value === 'number' ? [value, value] : [value[0], value[1]];
}

/** The most for windows, strides, dilation and padding: products of them with the sides of an image then stay far below 2^53. */
const MOST = 2 ** 20;

/** @throws SinapseError unless both are integers from `least` to 2^20 */
export function checkPair(op: string, name: string, pair: Pair, least: number): void {
  const right = (n: number): boolean => Number.isInteger(n) && n >= least && n <= MOST;
  if (pair.length !== 2 || !right(pair[0]) || !right(pair[1]))
    throw new SinapseError(`${op}: ${name} must be integers from ${least} to ${MOST}, got [${pair.join(',')}]`);
}

/** Pixels that a window spans. */
function span(window: number, dilation: number): number {
  return dilation * (window - 1) + 1;
}

/** The zeros, before and after together, that make the output length ceil(input / stride). */
function samePadding(input: number, window: number, stride: number, dilation: number): number {
  return Math.max(0, (Math.ceil(input / stride) - 1) * stride + span(window, dilation) - input);
}

/** The zeros on each side that a padding option means for an input of the given height and width. */
export function resolvePadding(padding: Padding, input: Pair, window: Pair, strides: Pair, dilation: Pair): Padding2d {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    const vertical = samePadding(input[0], window[0], strides[0], dilation[0]);
    const horizontal = samePadding(input[1], window[1], strides[1], dilation[1]);
    return [Math.floor(vertical / 2), Math.ceil(vertical / 2), Math.floor(horizontal / 2), Math.ceil(horizontal / 2)];
  }
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  const [[top, bottom], [left, right]] = padding;
  return [top, bottom, left, right];
}

/**
 * Height and width of the output: floor((input + padding - dilation (window - 1) - 1) / stride) + 1.
 * @throws ShapeError when the window is larger than the padded image, or that is larger than any tensor
 */
export function outputSize(op: string, shape: Shape, window: Pair, strides: Pair, padding: Padding2d, dilation: Pair = [1, 1]): Pair {
  if (shape.length !== 4) throw new ShapeError(`${op}: input must be [batch, height, width, channels], got ${formatShape(shape)}`);
  const padded = paddedShape(shape, padding);
  if (Math.max(...padding) > MOST || !(sizeOf(padded) * BYTES.float32 <= Number.MAX_SAFE_INTEGER))
    throw new ShapeError(
      `${op}: the padding [${padding.join(',')}] is too wide, it may be up to ${MOST}: the image would be ${formatShape(padded)}`,
    );
  const height = Math.floor((shape[1]! + padding[0] + padding[1] - span(window[0], dilation[0])) / strides[0]) + 1;
  const width = Math.floor((shape[2]! + padding[2] + padding[3] - span(window[1], dilation[1])) / strides[1]) + 1;
  if (height < 1 || width < 1) {
    throw new ShapeError(
      `${op}: a window of ${span(window[0], dilation[0])} by ${span(window[1], dilation[1])} does not fit into the image of ${formatShape(shape)}, padding [${padding.join(',')}]`,
    );
  }
  return [height, width];
}

/** One tap of a window, for lowerings. Its elements of all windows are a tensor `[batch, outputHeight, outputWidth, channels]`. */
export interface Tap {
  readonly row: number;
  readonly column: number;
  /** Takes the tap's elements out of a padded image. */
  readonly take: (padded: Tensor) => Tensor;
  /** Puts the tap's elements back into zeros of the padded image's shape. */
  readonly put: (part: Tensor) => Tensor;
}

/** The taps of a window, row by row. `padded` is the shape of the image with its border. */
export function tapsOf(padded: Shape, window: Pair, strides: Pair, dilation: Pair, output: Pair): Tap[] {
  const taps: Tap[] = [];
  for (let row = 0; row < window[0]; row++) {
    for (let column = 0; column < window[1]; column++) {
      const begin: Pair = [row * dilation[0], column * dilation[1]];
      const last = ([0, 1] as const).map((i) => begin[i] + (output[i] - 1) * strides[i]) as [number, number];
      taps.push({
        row,
        column,
        take: (image) =>
          slice(image, [
            null,
            { begin: begin[0], end: last[0] + 1, step: strides[0] },
            { begin: begin[1], end: last[1] + 1, step: strides[1] },
          ]),
        put: (part) =>
          padWithGaps(part, {
            before: [0, begin[0], begin[1], 0],
            after: [0, padded[1]! - 1 - last[0], padded[2]! - 1 - last[1], 0],
            interior: [0, strides[0] - 1, strides[1] - 1, 0],
          }),
      });
    }
  }
  return taps;
}

/** The shape of an image with its border. */
export function paddedShape(shape: Shape, [top, bottom, left, right]: Padding2d): Shape {
  return [shape[0]!, shape[1]! + top + bottom, shape[2]! + left + right, shape[3]!];
}

/** x with a border of `value`. A negative border cuts pixels off. */
export function padImage(x: Tensor, padding: Padding2d, value: number): Tensor {
  const [top, bottom, left, right] = padding.map((width) => Math.max(0, width)) as unknown as Padding2d;
  const inside = padding.some((width) => width < 0) ? withoutCut(x, padding) : x;
  if (top + bottom + left + right === 0) return inside;
  return padWithGaps(inside, { before: [0, top, left, 0], after: [0, bottom, right, 0], interior: [0, 0, 0, 0] }, value);
}

/** x without the pixels that the negative sides of a border cut off. */
function withoutCut(x: Tensor, padding: Padding2d): Tensor {
  const [top, bottom, left, right] = padding.map((width) => Math.max(0, -width)) as unknown as Padding2d;
  return slice(x, [null, { begin: top, end: x.shape[1]! - bottom }, { begin: left, end: x.shape[2]! - right }]);
}

/** A padded image without its border; zeros where the border had cut pixels off. */
export function cropImage(padded: Tensor, padding: Padding2d): Tensor {
  return padImage(padded, padding.map((width) => -width) as unknown as Padding2d, 0);
}
