// The layer of 2-D transposed convolution: every element of an image spreads a filter.

import type { ConvTransposeOptions, OptionChecks, Tensor } from '@sinapse/core';
import { checkOptions, convTranspose2d as convolve } from '@sinapse/core';
import type { ConvTransposeLayerOptions } from './conv-transpose.ts';
import { ConvTranspose, convTransposeChecks } from './conv-transpose.ts';
import { printsAsModel } from './print.ts';

const CONV2D_TRANSPOSE: OptionChecks<ConvTransposeLayerOptions<2>> = convTransposeChecks(2);

/** Takes `[height, width, channels]`; its kernel is `[height, width, filters / groups, channels]`. */
export class Conv2dTranspose extends ConvTranspose<2> {
  readonly type = 'conv2dTranspose';
  protected readonly op: (x: Tensor, filter: Tensor, options: ConvTransposeOptions<2>) => Tensor = convolve;

  constructor(options: ConvTransposeLayerOptions<2>) {
    super('conv2dTranspose', 2, options);
  }
}

printsAsModel(Conv2dTranspose, 'Conv2dTranspose');

/**
 * 2-D transposed convolution, which makes images larger: `conv2dTranspose({ filters: 8, kernelSize: 4, strides: 2, padding: 'same' })`.
 * @throws SinapseError when an option is out of range
 */
export function conv2dTranspose(options: ConvTransposeLayerOptions<2>): Conv2dTranspose {
  checkOptions('conv2dTranspose', options, CONV2D_TRANSPOSE);
  return new Conv2dTranspose(options);
}
