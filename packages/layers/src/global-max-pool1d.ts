// The largest element of each channel over a whole sequence.

import type { Tensor } from '@sinapse/core';
import { globalMaxPool1d as maximaOfChannels } from '@sinapse/core';
import { GlobalPooling } from './global-pooling.ts';
import { printsAsModel } from './print.ts';

/** Takes `[length, channels]`. */
export class GlobalMaxPool1d extends GlobalPooling {
  readonly type = 'globalMaxPool1d';
  protected readonly op: (x: Tensor) => Tensor = maximaOfChannels;
}

printsAsModel(GlobalMaxPool1d, 'GlobalMaxPool1d');

/** Global max pooling of sequences: `[length, channels]` becomes `[channels]`. */
export function globalMaxPool1d(): GlobalMaxPool1d {
  return new GlobalMaxPool1d();
}
