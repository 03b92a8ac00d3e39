// The layer of separable convolution over sequences.

import type { ConvOptions, OptionChecks, Tensor } from '@sinapse/core';
import { checkOptions, conv1d as convolve } from '@sinapse/core';
import { printsAsModel } from './print.ts';
import type { SeparableConvOptions } from './separable-conv.ts';
import { SeparableConv, separableConvChecks } from './separable-conv.ts';

const SEPARABLE_CONV1D: OptionChecks<SeparableConvOptions<1>> = separableConvChecks(1);

/** Takes `[length, channels]`. */
export class SeparableConv1d extends SeparableConv<1> {
  readonly type = 'separableConv1d';
  protected readonly op: (x: Tensor, filter: Tensor, options: ConvOptions<1>) => Tensor = convolve;

  constructor(options: SeparableConvOptions<1>) {
    super('separableConv1d', 1, options);
  }
}

printsAsModel(SeparableConv1d, 'SeparableConv1d');

/**
 * Separable convolution over sequences: `separableConv1d({ filters: 32, kernelSize: 3, padding: 'same' })`. A depthwise convolution and a mixture of the
 * channels at each place take the place of one convolution, with far fewer weights. Chollet 2017 (Xception).
 * @throws SinapseError when an option is out of range
 */
export function separableConv1d(options: SeparableConvOptions<1>): SeparableConv1d {
  checkOptions('separableConv1d', options, SEPARABLE_CONV1D);
  return new SeparableConv1d(options);
}
