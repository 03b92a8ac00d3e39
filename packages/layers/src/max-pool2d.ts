// The largest element of windows that slide over an image.

import type { OptionChecks, PoolOptions, Tensor } from '@sinapse/core';
import { checkOptions, maxPool2d as poolMaxima } from '@sinapse/core';
import { Pooling, poolChecks } from './pooling.ts';
import { printsAsModel } from './print.ts';

const MAX_POOL2D: OptionChecks<PoolOptions<2>> = poolChecks(2);

/** Takes `[height, width, channels]`. */
export class MaxPool2d extends Pooling<2> {
  readonly type = 'maxPool2d';
  protected readonly op: (x: Tensor, options: PoolOptions<2>) => Tensor = poolMaxima;
}

printsAsModel(MaxPool2d, 'MaxPool2d');

/**
 * Max pooling of images: `maxPool2d({ window: 2 })`. If strides are smaller than the window, windows overlap. Padding is never the largest
 * element.
 * @throws SinapseError when an option is out of range
 */
export function maxPool2d(options: PoolOptions<2> = {}): MaxPool2d {
  checkOptions('maxPool2d', options, MAX_POOL2D);
  return new MaxPool2d(options);
}
