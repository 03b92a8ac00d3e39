// The largest element of windows that slide over a sequence.

import type { OptionChecks, PoolOptions, Tensor } from '@sinapse/core';
import { checkOptions, maxPool1d as poolMaxima } from '@sinapse/core';
import { Pooling, poolChecks } from './pooling.ts';
import { printsAsModel } from './print.ts';

const MAX_POOL1D: OptionChecks<PoolOptions<1>> = poolChecks(1);

/** Takes `[length, channels]`. */
export class MaxPool1d extends Pooling<1> {
  readonly type = 'maxPool1d';
  protected readonly op: (x: Tensor, options: PoolOptions<1>) => Tensor = poolMaxima;
}

printsAsModel(MaxPool1d, 'MaxPool1d');

/**
 * Max pooling of sequences: `maxPool1d({ window: 2 })`. If strides are smaller than the window, windows overlap. Padding is never the largest
 * element.
 * @throws SinapseError when an option is out of range
 */
export function maxPool1d(options: PoolOptions<1> = {}): MaxPool1d {
  checkOptions('maxPool1d', options, MAX_POOL1D);
  return new MaxPool1d(options);
}
