// The largest element of each channel over a whole volume.

import type { Tensor } from '@sinapse/core';
import { globalMaxPool3d as maximaOfChannels } from '@sinapse/core';
import { GlobalPooling } from './global-pooling.ts';
import { printsAsModel } from './print.ts';

/** Takes `[depth, height, width, channels]`. */
export class GlobalMaxPool3d extends GlobalPooling {
  readonly type = 'globalMaxPool3d';
  protected readonly op: (x: Tensor) => Tensor = maximaOfChannels;
}

printsAsModel(GlobalMaxPool3d, 'GlobalMaxPool3d');

/** Global max pooling of volumes: `[depth, height, width, channels]` becomes `[channels]`. */
export function globalMaxPool3d(): GlobalMaxPool3d {
  return new GlobalMaxPool3d();
}
