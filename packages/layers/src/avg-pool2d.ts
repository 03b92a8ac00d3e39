// The mean of windows that slide over an image.

import type { AvgPoolOptions, OptionChecks, Tensor } from '@sinapse/core';
import { avgPool2d as poolMeans, checkOptions } from '@sinapse/core';
import { AvgPooling, avgPoolChecks } from './pooling.ts';
import { printsAsModel } from './print.ts';

const AVG_POOL2D: OptionChecks<AvgPoolOptions<2>> = avgPoolChecks(2);

/** Takes `[height, width, channels]`. */
export class AvgPool2d extends AvgPooling<2> {
  readonly type = 'avgPool2d';
  protected readonly op: (x: Tensor, options: AvgPoolOptions<2>) => Tensor = poolMeans;
}

printsAsModel(AvgPool2d, 'AvgPool2d');

/**
 * Average pooling of images: `avgPool2d({ window: 2 })`. Padding is left out of the means unless `includePadding`.
 * @throws SinapseError when an option is out of range
 */
export function avgPool2d(options: AvgPoolOptions<2> = {}): AvgPool2d {
  checkOptions('avgPool2d', options, AVG_POOL2D);
  return new AvgPool2d(options);
}
