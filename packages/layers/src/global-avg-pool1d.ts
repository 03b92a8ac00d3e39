// The mean of each channel over a whole sequence.

import type { Tensor } from '@sinapse/core';
import { globalAvgPool1d as meansOfChannels } from '@sinapse/core';
import { GlobalPooling } from './global-pooling.ts';
import { printsAsModel } from './print.ts';

/** Takes `[length, channels]`. */
export class GlobalAvgPool1d extends GlobalPooling {
  readonly type = 'globalAvgPool1d';
  protected readonly op: (x: Tensor) => Tensor = meansOfChannels;
}

printsAsModel(GlobalAvgPool1d, 'GlobalAvgPool1d');

/** Global average pooling of sequences: `[length, channels]` becomes `[channels]`. */
export function globalAvgPool1d(): GlobalAvgPool1d {
  return new GlobalAvgPool1d();
}
