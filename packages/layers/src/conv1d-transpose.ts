// The layer of 1-D transposed convolution: every element of a sequence spreads a filter.

import type { ConvTransposeOptions, OptionChecks, Tensor } from '@sinapse/core';
import { checkOptions, convTranspose1d as convolve } from '@sinapse/core';
import type { ConvTransposeLayerOptions } from './conv-transpose.ts';
import { ConvTranspose, convTransposeChecks } from './conv-transpose.ts';
import { printsAsModel } from './print.ts';

const CONV1D_TRANSPOSE: OptionChecks<ConvTransposeLayerOptions<1>> = convTransposeChecks(1);

/** Takes `[length, channels]`; its kernel is `[length, filters / groups, channels]`. */
export class Conv1dTranspose extends ConvTranspose<1> {
  readonly type = 'conv1dTranspose';
  protected readonly op: (x: Tensor, filter: Tensor, options: ConvTransposeOptions<1>) => Tensor = convolve;

  constructor(options: ConvTransposeLayerOptions<1>) {
    super('conv1dTranspose', 1, options);
  }
}

printsAsModel(Conv1dTranspose, 'Conv1dTranspose');

/**
 * 1-D transposed convolution, which makes sequences larger: `conv1dTranspose({ filters: 8, kernelSize: 4, strides: 2, padding: 'same' })`.
 * @throws SinapseError when an option is out of range
 */
export function conv1dTranspose(options: ConvTransposeLayerOptions<1>): Conv1dTranspose {
  checkOptions('conv1dTranspose', options, CONV1D_TRANSPOSE);
  return new Conv1dTranspose(options);
}
