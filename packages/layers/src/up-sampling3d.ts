// Volumes, several times as large.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import { printsAsModel } from './print.ts';
import type { UpSamplingOptions } from './up-sampling.ts';
import { UpSampling, checkCorners, upSamplingChecks } from './up-sampling.ts';

const UP_SAMPLING3D: OptionChecks<UpSamplingOptions<3>> = upSamplingChecks(3);

/** Takes `[depth, height, width, channels]`. */
export class UpSampling3d extends UpSampling<3> {
  readonly type = 'upSampling3d';
  protected readonly dimensions = 3;
}

printsAsModel(UpSampling3d, 'UpSampling3d');

/**
 * Makes volumes several times as large: `upSampling3d({ size: 2, interpolation: 'trilinear' })`.
 * @throws SinapseError when an option is out of range
 */
export function upSampling3d(options: UpSamplingOptions<3> = {}): UpSampling3d {
  checkOptions('upSampling3d', options, UP_SAMPLING3D);
  checkCorners('upSampling3d', 3, options);
  return new UpSampling3d(options);
}
