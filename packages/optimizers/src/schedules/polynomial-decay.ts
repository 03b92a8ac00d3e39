// A learning rate that falls along a power of the steps that are left.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Schedule } from '../schedules.ts';

export interface PolynomialDecayOptions {
  /** The rate of the first step, > 0. */
  readonly initial: number;
  /** The number of steps until the rate is `final`, an integer >= 1. */
  readonly steps: number;
  /** The rate after these steps, >= 0. Default 0. */
  readonly final?: number;
  /** The exponent, > 0. Default 1, a straight line. */
  readonly power?: number;
}

const CHECKS: OptionChecks<PolynomialDecayOptions> = {
  initial: check.required(check.positive),
  steps: check.required(check.count),
  final: check.notNegative,
  power: check.positive,
};

/** final + (initial - final) (1 - step / steps)^power. */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
  checkOptions('polynomialDecay', options, CHECKS);
  const { initial, steps, final = 0, power = 1 } = options;
  return (step) => final + (initial - final) * Math.max(0, 1 - step / steps) ** power;
}
