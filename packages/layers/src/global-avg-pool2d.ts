// The mean of each channel over a whole image.

import type { Tensor } from '@sinapse/core';
import { globalAvgPool2d as meansOfChannels } from '@sinapse/core';
import { GlobalPooling } from './global-pooling.ts';
import { printsAsModel } from './print.ts';

/** Takes `[height, width, channels]`. */
export class GlobalAvgPool2d extends GlobalPooling {
  readonly type = 'globalAvgPool2d';
  protected readonly op: (x: Tensor) => Tensor = meansOfChannels;
}

printsAsModel(GlobalAvgPool2d, 'GlobalAvgPool2d');

/** Global average pooling: replaces `flatten()` before a classifier. Lin, Chen, Yan 2014. */
export function globalAvgPool2d(): GlobalAvgPool2d {
  return new GlobalAvgPool2d();
}
