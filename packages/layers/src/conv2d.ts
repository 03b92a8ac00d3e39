// The layer of 2-D convolution: filters slide over an image.

import type { Conv2dOptions, OptionChecks, Tensor } from '@sinapse/core';
import { checkOptions, conv2d as convolve } from '@sinapse/core';
import { Convolution } from './convolution.ts';
import type { FilterOptions } from './filters.ts';
import { filterChecks } from './filters.ts';
import { printsAsModel } from './print.ts';

export type Conv2dLayerOptions = FilterOptions<2>;

/** The checks of the options. */
export const CONV2D: OptionChecks<Conv2dLayerOptions> = filterChecks(2);

/** Takes `[height, width, channels]`; its kernel is `[height, width, channels / groups, filters]`. */
export class Conv2d extends Convolution<2> {
  readonly type = 'conv2d';
  protected readonly op: (x: Tensor, filter: Tensor, options: Conv2dOptions) => Tensor = convolve;

  constructor(options: Conv2dLayerOptions) {
    super('conv2d', 2, options);
  }
}

printsAsModel(Conv2d, 'Conv2d');

/**
 * 2-D convolution over images: `conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' })`.
 * @throws SinapseError when an option is out of range
 */
export function conv2d(options: Conv2dLayerOptions): Conv2d {
  checkOptions('conv2d', options, CONV2D);
  return new Conv2d(options);
}
