// A volume without its border.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import type { CroppingOptions } from './cropping.ts';
import { Cropping, croppingChecks } from './cropping.ts';
import { printsAsModel } from './print.ts';

const CROPPING3D: OptionChecks<CroppingOptions<3>> = croppingChecks(3);

/** Takes `[depth, height, width, channels]`. */
export class Cropping3d extends Cropping<3> {
  readonly type = 'cropping3d';
  protected readonly dimensions = 3;
}

printsAsModel(Cropping3d, 'Cropping3d');

/**
 * Volumes without elements at their sides: `cropping3d({ cropping: 1 })`, or each side its own: `{ cropping: [[0, 0], [1, 1], [1, 1]] }` for
 * [[front, back], [top, bottom], [left, right]].
 * @throws SinapseError when an option is out of range
 */
export function cropping3d(options: CroppingOptions<3> = {}): Cropping3d {
  checkOptions('cropping3d', options, CROPPING3D);
  return new Cropping3d(options);
}
