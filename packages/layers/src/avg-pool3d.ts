// The mean of windows that slide over a volume.

import type { AvgPoolOptions, OptionChecks, Tensor } from '@sinapse/core';
import { avgPool3d as poolMeans, checkOptions } from '@sinapse/core';
import { AvgPooling, avgPoolChecks } from './pooling.ts';
import { printsAsModel } from './print.ts';

const AVG_POOL3D: OptionChecks<AvgPoolOptions<3>> = avgPoolChecks(3);

/** Takes `[depth, height, width, channels]`. */
export class AvgPool3d extends AvgPooling<3> {
  readonly type = 'avgPool3d';
  protected readonly op: (x: Tensor, options: AvgPoolOptions<3>) => Tensor = poolMeans;
}

printsAsModel(AvgPool3d, 'AvgPool3d');

/**
 * Average pooling of volumes: `avgPool3d({ window: 2 })`. Padding is left out of the means unless `includePadding`.
 * @throws SinapseError when an option is out of range
 */
export function avgPool3d(options: AvgPoolOptions<3> = {}): AvgPool3d {
  checkOptions('avgPool3d', options, AVG_POOL3D);
  return new AvgPool3d(options);
}
