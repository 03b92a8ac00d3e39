// The largest element of a given number of bins of a sequence.

import type { OptionChecks, PerAxis, Tensor } from '@sinapse/core';
import { adaptiveMaxPool1d as pool, checkOptions } from '@sinapse/core';
import type { AdaptivePoolOptions } from './adaptive-pooling.ts';
import { AdaptivePooling, adaptivePoolChecks } from './adaptive-pooling.ts';
import { printsAsModel } from './print.ts';

const ADAPTIVE_MAX_POOL1D: OptionChecks<AdaptivePoolOptions<1>> = adaptivePoolChecks(1);

/** Takes `[length, channels]`. */
export class AdaptiveMaxPool1d extends AdaptivePooling<1> {
  readonly type = 'adaptiveMaxPool1d';
  protected readonly op: (x: Tensor, outputSize: PerAxis<1>) => Tensor = pool;
}

printsAsModel(AdaptiveMaxPool1d, 'AdaptiveMaxPool1d');

/**
 * Max pooling of sequences of any size to one size: `adaptiveMaxPool1d({ outputSize: 4 })`. Along an axis, bin i of n reaches from
 * ⌊i · length / n⌋ to ⌈(i + 1) length / n⌉, as in PyTorch; bins may overlap.
 * @throws SinapseError when an option is out of range
 */
export function adaptiveMaxPool1d(options: AdaptivePoolOptions<1>): AdaptiveMaxPool1d {
  checkOptions('adaptiveMaxPool1d', options, ADAPTIVE_MAX_POOL1D);
  return new AdaptiveMaxPool1d(options);
}
