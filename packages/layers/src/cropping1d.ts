// A sequence without its border.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import type { CroppingOptions } from './cropping.ts';
import { Cropping, croppingChecks } from './cropping.ts';
import { printsAsModel } from './print.ts';

const CROPPING1D: OptionChecks<CroppingOptions<1>> = croppingChecks(1);

/** Takes `[length, channels]`. */
export class Cropping1d extends Cropping<1> {
  readonly type = 'cropping1d';
  protected readonly dimensions = 1;
}

printsAsModel(Cropping1d, 'Cropping1d');

/**
 * Sequences without elements at their sides: `cropping1d({ cropping: 1 })`, or each side its own: `{ cropping: [1, 0] }` for
 * [before, after].
 * @throws SinapseError when an option is out of range
 */
export function cropping1d(options: CroppingOptions<1> = {}): Cropping1d {
  checkOptions('cropping1d', options, CROPPING1D);
  return new Cropping1d(options);
}
