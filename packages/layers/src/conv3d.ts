// The layer of 3-D convolution: filters slide over a volume.

import type { ConvOptions, OptionChecks, Tensor } from '@sinapse/core';
import { checkOptions, conv3d as convolve } from '@sinapse/core';
import { Convolution } from './convolution.ts';
import type { FilterOptions } from './filters.ts';
import { filterChecks } from './filters.ts';
import { printsAsModel } from './print.ts';

export type Conv3dLayerOptions = FilterOptions<3>;

const CONV3D: OptionChecks<Conv3dLayerOptions> = filterChecks(3);

/** Takes `[depth, height, width, channels]`; its kernel is `[depth, height, width, channels / groups, filters]`. */
export class Conv3d extends Convolution<3> {
  readonly type = 'conv3d';
  protected readonly op: (x: Tensor, filter: Tensor, options: ConvOptions<3>) => Tensor = convolve;

  constructor(options: Conv3dLayerOptions) {
    super('conv3d', 3, options);
  }
}

printsAsModel(Conv3d, 'Conv3d');

/**
 * 3-D convolution over volumes: `conv3d({ filters: 8, kernelSize: 3, strides: [1, 2, 2] })`.
 * @throws SinapseError when an option is out of range
 */
export function conv3d(options: Conv3dLayerOptions): Conv3d {
  checkOptions('conv3d', options, CONV3D);
  return new Conv3d(options);
}
