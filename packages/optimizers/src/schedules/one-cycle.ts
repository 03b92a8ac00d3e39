// A learning rate that rises once to a large value and falls to almost nothing.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Schedule } from '../schedules.ts';

export interface OneCycleOptions {
  /** The largest rate, > 0. */
  readonly peak: number;
  /** The number of steps of the cycle, an integer >= 2. */
  readonly steps: number;
  /** The part of the steps in which the rate rises, within (0, 1). Default 0.3. */
  readonly share?: number;
  /** How many times smaller the first rate is than the largest, > 0. Default 25. */
  readonly startDivisor?: number;
  /** How many times smaller the last rate is than the first, > 0. Default 10000. */
  readonly endDivisor?: number;
}

const CHECKS: OptionChecks<OneCycleOptions> = {
  peak: check.required(check.positive),
  steps: check.required({ expected: 'an integer >= 2', accepts: (value) => check.count.accepts(value) && (value as number) > 1 }),
  share: {
    expected: 'a number above 0 and below 1',
    accepts: (value) => check.positive.accepts(value) && check.fraction.accepts(value),
  },
  startDivisor: check.positive,
  endDivisor: check.positive,
};

/**
 * Half a cosine from peak / startDivisor up to `peak` during the first `share` of the steps, and half a cosine down to peak / (startDivisor
 * endDivisor) in the last step, where it stays. Smith, Topin 2018; the cosines and the defaults are those of PyTorch and fastai.
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  checkOptions('oneCycle', options, CHECKS);
  const { peak, steps, share = 0.3, startDivisor = 25, endDivisor = 1e4 } = options;
  const start = peak / startDivisor;
  const end = start / endDivisor;
  const top = Math.max(0, share * steps - 1);
  const last = steps - 1;
  return (step) => {
    if (step >= last) return end;
    return step < top ? between(start, peak, step / top) : between(peak, end, (step - top) / (last - top));
  };
}

/** Half a cosine from one rate to another; `part` runs from 0 to 1. */
function between(from: number, to: number, part: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2;
}
