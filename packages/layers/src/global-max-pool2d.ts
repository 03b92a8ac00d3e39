// The largest element of each channel over a whole image.

import type { Tensor } from '@sinapse/core';
import { globalMaxPool2d as maximaOfChannels } from '@sinapse/core';
import { GlobalPooling } from './global-pooling.ts';
import { printsAsModel } from './print.ts';

/** Takes `[height, width, channels]`. */
export class GlobalMaxPool2d extends GlobalPooling {
  readonly type = 'globalMaxPool2d';
  protected readonly op: (x: Tensor) => Tensor = maximaOfChannels;
}

printsAsModel(GlobalMaxPool2d, 'GlobalMaxPool2d');

/** Global max pooling of images: `[height, width, channels]` becomes `[channels]`. */
export function globalMaxPool2d(): GlobalMaxPool2d {
  return new GlobalMaxPool2d();
}
