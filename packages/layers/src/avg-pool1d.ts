// The mean of windows that slide over a sequence.

import type { AvgPoolOptions, OptionChecks, Tensor } from '@sinapse/core';
import { avgPool1d as poolMeans, checkOptions } from '@sinapse/core';
import { AvgPooling, avgPoolChecks } from './pooling.ts';
import { printsAsModel } from './print.ts';

const AVG_POOL1D: OptionChecks<AvgPoolOptions<1>> = avgPoolChecks(1);

/** Takes `[length, channels]`. */
export class AvgPool1d extends AvgPooling<1> {
  readonly type = 'avgPool1d';
  protected readonly op: (x: Tensor, options: AvgPoolOptions<1>) => Tensor = poolMeans;
}

printsAsModel(AvgPool1d, 'AvgPool1d');

/**
 * Average pooling of sequences: `avgPool1d({ window: 2 })`. Padding is left out of the means unless `includePadding`.
 * @throws SinapseError when an option is out of range
 */
export function avgPool1d(options: AvgPoolOptions<1> = {}): AvgPool1d {
  checkOptions('avgPool1d', options, AVG_POOL1D);
  return new AvgPool1d(options);
}
