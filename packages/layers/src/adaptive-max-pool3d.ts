// The largest element of a given number of bins of a volume.

import type { OptionChecks, PerAxis, Tensor } from '@sinapse/core';
import { adaptiveMaxPool3d as pool, checkOptions } from '@sinapse/core';
import type { AdaptivePoolOptions } from './adaptive-pooling.ts';
import { AdaptivePooling, adaptivePoolChecks } from './adaptive-pooling.ts';
import { printsAsModel } from './print.ts';

const ADAPTIVE_MAX_POOL3D: OptionChecks<AdaptivePoolOptions<3>> = adaptivePoolChecks(3);

/** Takes `[depth, height, width, channels]`. */
export class AdaptiveMaxPool3d extends AdaptivePooling<3> {
  readonly type = 'adaptiveMaxPool3d';
  protected readonly op: (x: Tensor, outputSize: PerAxis<3>) => Tensor = pool;
}

printsAsModel(AdaptiveMaxPool3d, 'AdaptiveMaxPool3d');

/**
 * Max pooling of volumes of any size to one size: `adaptiveMaxPool3d({ outputSize: [2, 7, 7] })`. Along an axis, bin i of n reaches from
 * ⌊i · length / n⌋ to ⌈(i + 1) length / n⌉, as in PyTorch; bins may overlap.
 * @throws SinapseError when an option is out of range
 */
export function adaptiveMaxPool3d(options: AdaptivePoolOptions<3>): AdaptiveMaxPool3d {
  checkOptions('adaptiveMaxPool3d', options, ADAPTIVE_MAX_POOL3D);
  return new AdaptiveMaxPool3d(options);
}
