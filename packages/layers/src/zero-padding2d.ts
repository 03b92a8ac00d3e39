// A border of zeros around an image.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import { printsAsModel } from './print.ts';
import type { ZeroPaddingOptions } from './zero-padding.ts';
import { ZeroPadding, zeroPaddingChecks } from './zero-padding.ts';

const ZERO_PADDING2D: OptionChecks<ZeroPaddingOptions<2>> = zeroPaddingChecks(2);

/** Takes `[height, width, channels]`. */
export class ZeroPadding2d extends ZeroPadding<2> {
  readonly type = 'zeroPadding2d';
  protected readonly dimensions = 2;
}

printsAsModel(ZeroPadding2d, 'ZeroPadding2d');

/**
 * Zeros around images: `zeroPadding2d({ padding: 1 })`, or each side its own: `{ padding: [[1, 1], [2, 0]] }` for [[top, bottom], [left, right]].
 * @throws SinapseError when an option is out of range
 */
export function zeroPadding2d(options: ZeroPaddingOptions<2> = {}): ZeroPadding2d {
  checkOptions('zeroPadding2d', options, ZERO_PADDING2D);
  return new ZeroPadding2d(options);
}
