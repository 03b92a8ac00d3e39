// The layer of 3-D transposed convolution: every element of a volume spreads a filter.

import type { ConvTransposeOptions, OptionChecks, Tensor } from '@sinapse/core';
import { checkOptions, convTranspose3d as convolve } from '@sinapse/core';
import type { ConvTransposeLayerOptions } from './conv-transpose.ts';
import { ConvTranspose, convTransposeChecks } from './conv-transpose.ts';
import { printsAsModel } from './print.ts';

const CONV3D_TRANSPOSE: OptionChecks<ConvTransposeLayerOptions<3>> = convTransposeChecks(3);

/** Takes `[depth, height, width, channels]`; its kernel is `[depth, height, width, filters / groups, channels]`. */
export class Conv3dTranspose extends ConvTranspose<3> {
  readonly type = 'conv3dTranspose';
  protected readonly op: (x: Tensor, filter: Tensor, options: ConvTransposeOptions<3>) => Tensor = convolve;

  constructor(options: ConvTransposeLayerOptions<3>) {
    super('conv3dTranspose', 3, options);
  }
}

printsAsModel(Conv3dTranspose, 'Conv3dTranspose');

/**
 * 3-D transposed convolution, which makes volumes larger: `conv3dTranspose({ filters: 8, kernelSize: 4, strides: 2, padding: 'same' })`.
 * @throws SinapseError when an option is out of range
 */
export function conv3dTranspose(options: ConvTransposeLayerOptions<3>): Conv3dTranspose {
  checkOptions('conv3dTranspose', options, CONV3D_TRANSPOSE);
  return new Conv3dTranspose(options);
}
