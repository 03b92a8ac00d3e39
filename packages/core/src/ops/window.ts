// The geometry of windows that slide over sequences, images and volumes: shared by convolution and pooling.

import { ShapeError, SinapseError } from '../contract/errors.ts';
import type { Padding2d, Pair } from '../contract/kernels.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape, sizeOf } from '../contract/shape.ts';
import type { Dimensions } from '../contract/space.ts';
import { SPACES, checkSpace } from '../contract/space.ts';
import { BYTES } from '../contract/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { padWithGaps, slice } from './slice.ts';

/** One number for every spatial axis, or one for each: `[height, width]` of an image, `[depth, height, width]` of a volume. */
export type PerAxis<D extends Dimensions> = { 1: number; 2: PairLike; 3: number | Triple }[D];

/** One number for both directions, or [height, width]. */
export type PairLike = number | Pair;

/** [depth, height, width]. */
export type Triple = readonly [number, number, number];

/** The width of a border: so many elements at every side, or `[before, after]` of a sequence, or a list of such pairs, one for each axis. */
export type Border<D extends Dimensions> = number | { 1: Pair; 2: readonly [Pair, Pair]; 3: readonly [Pair, Pair, Pair] }[D];

/**
 * Zeros around a sequence, an image or a volume. `valid`: none. `same`: so many that the output length is ceil(input / stride), an odd one at the
 * end. A number: so many on every side. Or the sides: [before, after], [[top, bottom], [left, right]], [[front, back], [top, bottom], [left, right]].
 */
export type Padding<D extends Dimensions = 2> = 'valid' | 'same' | Border<D>;

/** @returns one number for each axis, in a copy: the caller's array may change later. Options that are wrong have been refused before */
export function listOf(value: number | readonly number[], dimensions: number): number[] {
  return typeof value === 'number' ? Array.from({ length: dimensions }, () => value) : [...value];
}

/** The most for windows, strides, dilation and padding: products of them with the sides of an image then stay far below 2^53. */
export const MOST: number = 2 ** 20;

/** @throws SinapseError unless there is an integer from `least` to 2^20 for each axis */
export function checkLengths(op: string, name: string, list: readonly number[], least: number, dimensions = 2): void {
  if (list.length === dimensions && list.every((n) => Number.isInteger(n) && n >= least && n <= MOST)) return;
  const [must, got] = dimensions === 1 ? ['must be an integer', `${list[0]}`] : ['must be integers', `[${list.join(',')}]`];
  throw new SinapseError(`${op}: ${name} ${must} from ${least} to ${MOST}, got ${got}`);
}

/** Elements that a window spans. */
export function span(window: number, dilation: number): number {
  return dilation * (window - 1) + 1;
}

/** The zeros, before and after together, that make the output length ceil(input / stride). */
function samePadding(input: number, window: number, stride: number, dilation: number): number {
  return Math.max(0, (Math.ceil(input / stride) - 1) * stride + span(window, dilation) - input);
}

/** The widths of a border in one list, before and after for each axis. */
function sidesOf(border: Border<Dimensions>, dimensions: number): number[] {
  return typeof border === 'number' ? listOf(border, 2 * dimensions) : border.flat();
}

/**
 * The zeros on each side that a padding option means for an input of the given lengths: before and after for each axis, in one list.
 * @param input, window, strides, dilation one number for each spatial axis
 */
export function resolvePadding(
  padding: Padding<Dimensions>,
  input: readonly number[],
  window: readonly number[],
  strides: readonly number[],
  dilation: readonly number[],
): number[] {
  if (padding === 'valid') return window.flatMap(() => [0, 0]);
  if (padding !== 'same') return sidesOf(padding, window.length);
  return window.flatMap((size, axis) => {
    const zeros = samePadding(input[axis] ?? 0, size, strides[axis]!, dilation[axis]!);
    return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
  });
}

/**
 * The output's length along each spatial axis: floor((input + padding - dilation (window - 1) - 1) / stride) + 1.
 * @param shape `[batch, …axes, channels]`
 * @throws ShapeError when the window is larger than the padded input, or that is larger than any tensor
 */
export function outputSize(
  op: string,
  shape: Shape,
  window: readonly number[],
  strides: readonly number[],
  padding: readonly number[],
  dilation: readonly number[] = listOf(1, window.length),
): number[] {
  const dimensions = window.length as Dimensions;
  checkSpace(op, dimensions, shape);
  const { noun } = SPACES[dimensions];
  const padded = paddedShape(shape, padding);
  if (Math.max(...padding) > MOST || !(sizeOf(padded) * BYTES.float32 <= Number.MAX_SAFE_INTEGER))
    throw new ShapeError(
      `${op}: the padding [${padding.join(',')}] is too wide, it may be up to ${MOST}: the ${noun} would be ${formatShape(padded)}`,
    );
  const output = window.map((size, axis) => Math.floor((padded[axis + 1]! - span(size, dilation[axis]!)) / strides[axis]!) + 1);
  if (output.every((length) => length >= 1)) return output;
  const spans = window.map((size, axis) => span(size, dilation[axis]!)).join(' by ');
  throw new ShapeError(
    `${op}: a window of ${spans} does not fit into the ${noun} of ${formatShape(shape)}, padding [${padding.join(',')}]`,
  );
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
export function tapsOf(padded: Shape, window: Pair, strides: Pair, dilation: Pair, output: readonly number[]): Tap[] {
  const taps: Tap[] = [];
  for (let row = 0; row < window[0]; row++) {
    for (let column = 0; column < window[1]; column++) {
      const begin: Pair = [row * dilation[0], column * dilation[1]];
      const last = ([0, 1] as const).map((i) => begin[i] + (output[i]! - 1) * strides[i]) as [number, number];
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

/** A shape with its border: before and after for each spatial axis. */
export function paddedShape(shape: Shape, padding: readonly number[]): number[] {
  const padded = [...shape];
  for (let side = 0; side < padding.length; side++) padded[1 + (side >> 1)]! += padding[side]!;
  return padded;
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
