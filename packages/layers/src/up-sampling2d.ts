// Images, several times as large.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import { printsAsModel } from './print.ts';
import type { UpSamplingOptions } from './up-sampling.ts';
import { UpSampling, checkCorners, upSamplingChecks } from './up-sampling.ts';

const UP_SAMPLING2D: OptionChecks<UpSamplingOptions<2>> = upSamplingChecks(2);

/** Takes `[height, width, channels]`. */
export class UpSampling2d extends UpSampling<2> {
  readonly type = 'upSampling2d';
  protected readonly dimensions = 2;
}

printsAsModel(UpSampling2d, 'UpSampling2d');

/**
 * Makes images several times as large: `upSampling2d({ size: 2, interpolation: 'bilinear' })`.
 * @throws SinapseError when an option is out of range
 */
export function upSampling2d(options: UpSamplingOptions<2> = {}): UpSampling2d {
  checkOptions('upSampling2d', options, UP_SAMPLING2D);
  checkCorners('upSampling2d', 2, options);
  return new UpSampling2d(options);
}
