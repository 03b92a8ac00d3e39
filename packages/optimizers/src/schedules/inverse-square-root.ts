// The learning rate of the first transformers.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Schedule } from '../schedules.ts';

export interface InverseSquareRootOptions {
  /** The largest rate, that of the end of the warm-up, > 0. */
  readonly peak: number;
  /** The number of steps in which the rate rises to it in a straight line, an integer >= 1. */
  readonly warmUpSteps: number;
}

const CHECKS: OptionChecks<InverseSquareRootOptions> = {
  peak: check.required(check.positive),
  warmUpSteps: check.required(check.count),
};

/**
 * peak min(t / warmUpSteps, √(warmUpSteps / t)) in step t = 1, 2, …. Vaswani et al. 2017, eq. 3, whose rate is this with peak = 1 / √(d
 * warmUpSteps).
 */
export function inverseSquareRoot(options: InverseSquareRootOptions): Schedule {
  checkOptions('inverseSquareRoot', options, CHECKS);
  const { peak, warmUpSteps } = options;
  return (step) => peak * Math.min((step + 1) / warmUpSteps, Math.sqrt(warmUpSteps / (step + 1)));
}
