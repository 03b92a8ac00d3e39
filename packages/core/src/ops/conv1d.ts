// Convolution of sequences: that of images of height 1.

import * as check from '../contract/checks.ts';
import type { OptionChecks } from '../contract/options.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ConvOptions } from './convolution.ts';
import { checkCall, checkConvolution, convChecks } from './convolution.ts';
import { convolveImages } from './conv2d.ts';
import { expandDims, squeeze } from './reshape.ts';
import type { Padding } from './window.ts';
import { span } from './window.ts';

/** Options of `conv1d`. */
export interface Conv1dOptions extends Omit<ConvOptions<1>, 'padding'> {
  /**
   * Zeros around the sequence: `valid`, `same`, a number for both ends, `[before, after]`, or `causal`: as many before as the filter is longer than
   * 1, so that no result sees a later element. Default `valid`.
   */
  readonly padding?: Padding<1> | 'causal' | undefined;
}

/** The check of the padding. */
const SEQUENCE_PADDING: check.Check = check.paddingOf(1, ['valid', 'same', 'causal']);

const CONV1D: OptionChecks<Conv1dOptions> = { ...convChecks(1), padding: SEQUENCE_PADDING };

/**
 * 1-D convolution (cross-correlation, the filter is not flipped), then bias, residual and activation.
 * @param x float32 `[batch, length, channels]`
 * @param filter float32 `[length, channels / groups, filters]`
 * @returns `[batch, outputLength, filters]`; the length is floor((input + padding - dilation (k - 1) - 1) / stride) + 1
 * @throws ShapeError when channels differ, the window does not fit into the padded sequence, or bias or residual do not fit the result
 */
export function conv1d(x: Tensor, filter: Tensor, options: Conv1dOptions = {}): Tensor {
  checkCall('conv1d', x, filter, options, CONV1D);
  const { padding, bias, residual } = options;
  const before = span(filter.shape[0] ?? 1, options.dilation ?? 1) - 1;
  const sides: Padding<1> | undefined = padding === 'causal' ? [Math.max(0, before), 0] : padding;
  const { geometry, activation, alpha } = checkConvolution('conv1d', 1, x, filter, { ...options, padding: sides });
  const { strides, dilation, groups } = geometry;
  const y = convolveImages(
    expandDims(x, 1),
    expandDims(filter, 0),
    { strides: [1, strides[0]!], padding: [0, 0, geometry.padding[0]!, geometry.padding[1]!], dilation: [1, dilation[0]!], groups },
    { bias, residual: residual && expandDims(residual, 1), activation, alpha },
  );
  return squeeze(y, 1);
}
