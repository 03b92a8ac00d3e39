// A border of zeros around a volume.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import { printsAsModel } from './print.ts';
import type { ZeroPaddingOptions } from './zero-padding.ts';
import { ZeroPadding, zeroPaddingChecks } from './zero-padding.ts';

const ZERO_PADDING3D: OptionChecks<ZeroPaddingOptions<3>> = zeroPaddingChecks(3);

/** Takes `[depth, height, width, channels]`. */
export class ZeroPadding3d extends ZeroPadding<3> {
  readonly type = 'zeroPadding3d';
  protected readonly dimensions = 3;
}

printsAsModel(ZeroPadding3d, 'ZeroPadding3d');

/**
 * Zeros around volumes: `zeroPadding3d({ padding: 1 })`, or each side its own: `{ padding: [[0, 0], [1, 1], [1, 1]] }` for [[front, back], [top, bottom], [left, right]].
 * @throws SinapseError when an option is out of range
 */
export function zeroPadding3d(options: ZeroPaddingOptions<3> = {}): ZeroPadding3d {
  checkOptions('zeroPadding3d', options, ZERO_PADDING3D);
  return new ZeroPadding3d(options);
}
