// The mean of a given number of bins of a sequence.

import type { OptionChecks, PerAxis, Tensor } from '@sinapse/core';
import { adaptiveAvgPool1d as pool, checkOptions } from '@sinapse/core';
import type { AdaptivePoolOptions } from './adaptive-pooling.ts';
import { AdaptivePooling, adaptivePoolChecks } from './adaptive-pooling.ts';
import { printsAsModel } from './print.ts';

const ADAPTIVE_AVG_POOL1D: OptionChecks<AdaptivePoolOptions<1>> = adaptivePoolChecks(1);

/** Takes `[length, channels]`. */
export class AdaptiveAvgPool1d extends AdaptivePooling<1> {
  readonly type = 'adaptiveAvgPool1d';
  protected readonly op: (x: Tensor, outputSize: PerAxis<1>) => Tensor = pool;
}

printsAsModel(AdaptiveAvgPool1d, 'AdaptiveAvgPool1d');

/**
 * Average pooling of sequences of any size to one size: `adaptiveAvgPool1d({ outputSize: 4 })`. Along an axis, bin i of n reaches from
 * ⌊i · length / n⌋ to ⌈(i + 1) length / n⌉, as in PyTorch; bins may overlap.
 * @throws SinapseError when an option is out of range
 */
export function adaptiveAvgPool1d(options: AdaptivePoolOptions<1>): AdaptiveAvgPool1d {
  checkOptions('adaptiveAvgPool1d', options, ADAPTIVE_AVG_POOL1D);
  return new AdaptiveAvgPool1d(options);
}
