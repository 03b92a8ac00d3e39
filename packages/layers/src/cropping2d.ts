// An image without its border.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import type { CroppingOptions } from './cropping.ts';
import { Cropping, croppingChecks } from './cropping.ts';
import { printsAsModel } from './print.ts';

const CROPPING2D: OptionChecks<CroppingOptions<2>> = croppingChecks(2);

/** Takes `[height, width, channels]`. */
export class Cropping2d extends Cropping<2> {
  readonly type = 'cropping2d';
  protected readonly dimensions = 2;
}

printsAsModel(Cropping2d, 'Cropping2d');

/**
 * Images without elements at their sides: `cropping2d({ cropping: 1 })`, or each side its own: `{ cropping: [[1, 1], [2, 0]] }` for
 * [[top, bottom], [left, right]].
 * @throws SinapseError when an option is out of range
 */
export function cropping2d(options: CroppingOptions<2> = {}): Cropping2d {
  checkOptions('cropping2d', options, CROPPING2D);
  return new Cropping2d(options);
}
