// The largest element of a given number of bins of an image.

import type { OptionChecks, PerAxis, Tensor } from '@sinapse/core';
import { adaptiveMaxPool2d as pool, checkOptions } from '@sinapse/core';
import type { AdaptivePoolOptions } from './adaptive-pooling.ts';
import { AdaptivePooling, adaptivePoolChecks } from './adaptive-pooling.ts';
import { printsAsModel } from './print.ts';

const ADAPTIVE_MAX_POOL2D: OptionChecks<AdaptivePoolOptions<2>> = adaptivePoolChecks(2);

/** Takes `[height, width, channels]`. */
export class AdaptiveMaxPool2d extends AdaptivePooling<2> {
  readonly type = 'adaptiveMaxPool2d';
  protected readonly op: (x: Tensor, outputSize: PerAxis<2>) => Tensor = pool;
}

printsAsModel(AdaptiveMaxPool2d, 'AdaptiveMaxPool2d');

/**
 * Max pooling of images of any size to one size: `adaptiveMaxPool2d({ outputSize: [7, 7] })`. Along an axis, bin i of n reaches from
 * ⌊i · length / n⌋ to ⌈(i + 1) length / n⌉, as in PyTorch; bins may overlap.
 * @throws SinapseError when an option is out of range
 */
export function adaptiveMaxPool2d(options: AdaptivePoolOptions<2>): AdaptiveMaxPool2d {
  checkOptions('adaptiveMaxPool2d', options, ADAPTIVE_MAX_POOL2D);
  return new AdaptiveMaxPool2d(options);
}
