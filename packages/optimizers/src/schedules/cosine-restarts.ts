// A learning rate that falls along half a cosine, again and again.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Schedule } from '../schedules.ts';

export interface CosineRestartsOptions {
  /** The rate at the beginning of each period, > 0. */
  readonly initial: number;
  /** The number of steps of the first period, an integer >= 1. */
  readonly period: number;
  /** How many times longer each period is than the one before, an integer >= 1. Default 1. */
  readonly growth?: number;
  /** The rate that each period falls to, >= 0. Default 0. */
  readonly final?: number;
}

const CHECKS: OptionChecks<CosineRestartsOptions> = {
  initial: check.required(check.positive),
  period: check.required(check.count),
  growth: check.count,
  final: check.notNegative,
};

/**
 * final + (initial - final) (1 + cos(π t / T)) / 2, where t is the number of steps since the last restart and T the length of the period: period,
 * period growth, period growth², … (SGDR). Loshchilov, Hutter 2017, eq. 5.
 */
export function cosineRestarts(options: CosineRestartsOptions): Schedule {
  checkOptions('cosineRestarts', options, CHECKS);
  const { initial, period, growth = 1, final = 0 } = options;
  return (step) => {
    let [since, length] = [step, period];
    if (growth === 1) since %= period;
    else for (; since >= length; length *= growth) since -= length;
    return final + ((initial - final) * (1 + Math.cos((Math.PI * since) / length))) / 2;
  };
}
