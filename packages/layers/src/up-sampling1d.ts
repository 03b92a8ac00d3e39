// Sequences, several times as large.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import { printsAsModel } from './print.ts';
import type { UpSamplingOptions } from './up-sampling.ts';
import { UpSampling, checkCorners, upSamplingChecks } from './up-sampling.ts';

const UP_SAMPLING1D: OptionChecks<UpSamplingOptions<1>> = upSamplingChecks(1);

/** Takes `[length, channels]`. */
export class UpSampling1d extends UpSampling<1> {
  readonly type = 'upSampling1d';
  protected readonly dimensions = 1;
}

printsAsModel(UpSampling1d, 'UpSampling1d');

/**
 * Makes sequences several times as large: `upSampling1d({ size: 2, interpolation: 'linear' })`.
 * @throws SinapseError when an option is out of range
 */
export function upSampling1d(options: UpSamplingOptions<1> = {}): UpSampling1d {
  checkOptions('upSampling1d', options, UP_SAMPLING1D);
  checkCorners('upSampling1d', 1, options);
  return new UpSampling1d(options);
}
