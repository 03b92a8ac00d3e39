// Resizing of sequences, images and volumes: each spatial axis for itself.

import type { Check } from '../contract/checks.ts';
import * as check from '../contract/checks.ts';
import { ShapeError, SinapseError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions, checkValue } from '../contract/options.ts';
import { formatShape } from '../contract/shape.ts';
import { shown } from '../contract/shown.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkFloats, inFloat32 } from './operands.ts';
import { blendAlong, readAlong, repeatAlong } from './resample.ts';
import { MOST } from './window.ts';

/** How new elements follow from old ones. */
export interface ResizeOptions {
  /**
   * `nearest`: element ⌊i · input / output⌋. `linear`: the weighted mean of the two neighbours along each axis, so that images are interpolated
   * bilinearly and volumes trilinearly. Default `nearest`.
   */
  readonly method?: 'nearest' | 'linear' | undefined;
  /**
   * For `linear`: whether the first and the last elements of input and output lie at the same places, so that i lies at i (input - 1) / (output - 1).
   * By default elements are areas, and i lies at (i + 1/2) input / output - 1/2, as in PyTorch with `align_corners=False`, Keras and OpenCV.
   */
  readonly alignCorners?: boolean | undefined;
}

const RESIZE: OptionChecks<ResizeOptions> = { method: check.oneOf(['nearest', 'linear']), alignCorners: check.flag };
const LENGTH: Check = check.integer(1, MOST);
const SIZE: Check = {
  get expected() {
    return `a list of 1 to 3 lengths, each ${LENGTH.expected}`;
  },
  accepts: (value) => Array.isArray(value) && value.length >= 1 && value.length <= 3 && value.every((length) => LENGTH.accepts(length)),
};

function nearest(x: Tensor, axis: number, output: number): Tensor {
  const input = x.shape[axis]!;
  if (output % input === 0) return repeatAlong(x, axis, output / input); // many times as fast as a gather
  return readAlong(
    x,
    axis,
    Int32Array.from({ length: output }, (_, i) => Math.floor((i * input) / output)),
  );
}

function linear(x: Tensor, axis: number, output: number, alignCorners: boolean): Tensor {
  const input = x.shape[axis]!;
  const [low, high, shares] = [new Int32Array(output), new Int32Array(output), new Float32Array(output)];
  // Element i lies at numerator / total of the input's elements, in integers.
  const total = alignCorners ? Math.max(1, output - 1) : 2 * output;
  for (let i = 0; i < output; i++) {
    const numerator = alignCorners ? i * (input - 1) : Math.min((input - 1) * total, Math.max(0, (2 * i + 1) * input - output));
    low[i] = Math.floor(numerator / total);
    high[i] = Math.min(low[i]! + 1, input - 1);
    shares[i] = numerator % total;
  }
  return blendAlong(x, axis, low, high, shares, total);
}

/**
 * x with other lengths of its spatial axes. No low-pass filter is applied first: a much smaller image leaves out elements.
 * @param x `[batch, …axes, channels]`, of 1 to 3 spatial axes; `linear` takes float32
 * @param size the new length of each spatial axis: `[height, width]` for images
 * @throws ShapeError unless x has these spatial axes, each of at least one element
 */
export function resize(x: Tensor, size: readonly number[], options: ResizeOptions = {}): Tensor {
  checkTensor('resize', x);
  checkValue('resize', size, SIZE, 'size');
  checkOptions('resize', options, RESIZE);
  const { method = 'nearest', alignCorners = false } = options;
  if (alignCorners && method === 'nearest') throw new SinapseError("resize: alignCorners is for the method 'linear'");
  if (x.shape.length !== size.length + 2)
    throw new ShapeError(
      `resize: the size ${shown(size)} is for an input [batch, …, channels] of ${size.length + 2} axes, got ${formatShape(x.shape)}`,
    );
  const lengths = x.shape.slice(1, -1);
  if (lengths.includes(0)) throw new ShapeError(`resize: input ${formatShape(x.shape)} has no elements to take`);
  const along = (part: Tensor, output: number, axis: number): Tensor => {
    if (output === part.shape[axis]) return part;
    return method === 'nearest' ? nearest(part, axis, output) : linear(part, axis, output, alignCorners);
  };
  const resized = (whole: Tensor): Tensor => size.reduce((part, output, i) => along(part, output, i + 1), whole);
  if (method === 'linear') checkFloats('resize', x);
  const y = method === 'nearest' ? resized(x) : inFloat32(x, resized);
  return y === x ? x.alias() : y;
}
