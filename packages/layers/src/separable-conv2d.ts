// The layer of separable convolution over images.

import type { ConvOptions, OptionChecks, Tensor } from '@sinapse/core';
import { checkOptions, conv2d as convolve } from '@sinapse/core';
import { printsAsModel } from './print.ts';
import type { SeparableConvOptions } from './separable-conv.ts';
import { SeparableConv, separableConvChecks } from './separable-conv.ts';

const SEPARABLE_CONV2D: OptionChecks<SeparableConvOptions<2>> = separableConvChecks(2);

/** Takes `[height, width, channels]`. */
export class SeparableConv2d extends SeparableConv<2> {
  readonly type = 'separableConv2d';
  protected readonly op: (x: Tensor, filter: Tensor, options: ConvOptions<2>) => Tensor = convolve;

  constructor(options: SeparableConvOptions<2>) {
    super('separableConv2d', 2, options);
  }
}

printsAsModel(SeparableConv2d, 'SeparableConv2d');

/**
 * Separable convolution over images: `separableConv2d({ filters: 32, kernelSize: 3, padding: 'same' })`. A depthwise convolution and a mixture of the
 * channels at each place take the place of one convolution, with far fewer weights. Chollet 2017 (Xception).
 * @throws SinapseError when an option is out of range
 */
export function separableConv2d(options: SeparableConvOptions<2>): SeparableConv2d {
  checkOptions('separableConv2d', options, SEPARABLE_CONV2D);
  return new SeparableConv2d(options);
}
