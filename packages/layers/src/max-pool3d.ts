// The largest element of windows that slide over a volume.

import type { OptionChecks, PoolOptions, Tensor } from '@sinapse/core';
import { checkOptions, maxPool3d as poolMaxima } from '@sinapse/core';
import { Pooling, poolChecks } from './pooling.ts';
import { printsAsModel } from './print.ts';

const MAX_POOL3D: OptionChecks<PoolOptions<3>> = poolChecks(3);

/** Takes `[depth, height, width, channels]`. */
export class MaxPool3d extends Pooling<3> {
  readonly type = 'maxPool3d';
  protected readonly op: (x: Tensor, options: PoolOptions<3>) => Tensor = poolMaxima;
}

printsAsModel(MaxPool3d, 'MaxPool3d');

/**
 * Max pooling of volumes: `maxPool3d({ window: 2 })`. If strides are smaller than the window, windows overlap. Padding is never the largest
 * element.
 * @throws SinapseError when an option is out of range
 */
export function maxPool3d(options: PoolOptions<3> = {}): MaxPool3d {
  checkOptions('maxPool3d', options, MAX_POOL3D);
  return new MaxPool3d(options);
}
