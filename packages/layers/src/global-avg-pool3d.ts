// The mean of each channel over a whole volume.

import type { Tensor } from '@sinapse/core';
import { globalAvgPool3d as meansOfChannels } from '@sinapse/core';
import { GlobalPooling } from './global-pooling.ts';
import { printsAsModel } from './print.ts';

/** Takes `[depth, height, width, channels]`. */
export class GlobalAvgPool3d extends GlobalPooling {
  readonly type = 'globalAvgPool3d';
  protected readonly op: (x: Tensor) => Tensor = meansOfChannels;
}

printsAsModel(GlobalAvgPool3d, 'GlobalAvgPool3d');

/** Global average pooling of volumes: `[depth, height, width, channels]` becomes `[channels]`. */
export function globalAvgPool3d(): GlobalAvgPool3d {
  return new GlobalAvgPool3d();
}
