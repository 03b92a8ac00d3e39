// A border of zeros around a sequence.

import type { OptionChecks } from '@sinapse/core';
import { checkOptions } from '@sinapse/core';
import { printsAsModel } from './print.ts';
import type { ZeroPaddingOptions } from './zero-padding.ts';
import { ZeroPadding, zeroPaddingChecks } from './zero-padding.ts';

const ZERO_PADDING1D: OptionChecks<ZeroPaddingOptions<1>> = zeroPaddingChecks(1);

/** Takes `[length, channels]`. */
export class ZeroPadding1d extends ZeroPadding<1> {
  readonly type = 'zeroPadding1d';
  protected readonly dimensions = 1;
}

printsAsModel(ZeroPadding1d, 'ZeroPadding1d');

/**
 * Zeros around sequences: `zeroPadding1d({ padding: 1 })`, or each side its own: `{ padding: [1, 0] }` for [before, after].
 * @throws SinapseError when an option is out of range
 */
export function zeroPadding1d(options: ZeroPaddingOptions<1> = {}): ZeroPadding1d {
  checkOptions('zeroPadding1d', options, ZERO_PADDING1D);
  return new ZeroPadding1d(options);
}
