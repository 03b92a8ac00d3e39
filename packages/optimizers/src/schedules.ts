// Learning rates that change from step to step. A schedule is a plain function of the number of steps already made.

import type { Check, OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';

/** The learning rate of the step that follows `step` earlier ones: 0 for the first. Finite and >= 0. */
export type Schedule = (step: number) => number;

/** A fixed learning rate, > 0, or a schedule. */
export type LearningRate = number | Schedule;

export const rateOrSchedule: Check = {
  expected: `${check.positive.expected}, or a schedule`,
  accepts: (value) => typeof value === 'function' || check.positive.accepts(value),
};

/** Returns a learning rate as a schedule. */
export function scheduleOf(owner: string, learningRate: LearningRate): Schedule {
  if (typeof learningRate === 'function') {
    return (step) => {
      const rate = learningRate(step);
      if (!(rate >= 0 && rate < Infinity))
        throw new SinapseError(`${owner}: learningRate: the schedule gave ${String(rate)} at step ${step}; it must be finite and >= 0`);
      return rate;
    };
  }
  checkValue(`${owner}: learningRate`, learningRate, rateOrSchedule);
  return () => learningRate;
}

/** The same rate at every step. A number as learning rate means this. */
export function constant(rate: number): Schedule {
  return scheduleOf('constant', rate);
}

export interface DecayOptions {
  /** The rate of the first step, > 0. */
  readonly initial: number;
  /** The factor of each decay, > 0 and usually below 1. */
  readonly factor: number;
  /** The number of steps in which the rate decays once by `factor`, an integer >= 1. */
  readonly every: number;
}

const DECAY: OptionChecks<DecayOptions> = {
  initial: check.required(check.positive),
  factor: check.required(check.positive),
  every: check.required(check.count),
};

/** initial factor^floor(step / every): the rate is constant for `every` steps, then multiplied by `factor`. */
export function stepDecay(options: DecayOptions): Schedule {
  checkOptions('stepDecay', options, DECAY);
  const { initial, factor, every } = options;
  return (step) => initial * factor ** Math.floor(step / every);
}

/** initial factor^(step / every): the rate falls smoothly. */
export function exponentialDecay(options: DecayOptions): Schedule {
  checkOptions('exponentialDecay', options, DECAY);
  const { initial, factor, every } = options;
  return (step) => initial * factor ** (step / every);
}

export interface CosineDecayOptions {
  /** The rate of the first step, > 0. */
  readonly initial: number;
  /** The number of steps until the rate is `final`, an integer >= 1. */
  readonly steps: number;
  /** The rate after these steps, >= 0. Default 0. */
  readonly final?: number;
}

const COSINE: OptionChecks<CosineDecayOptions> = {
  initial: check.required(check.positive),
  steps: check.required(check.count),
  final: check.notNegative,
};

/** final + (initial - final) (1 + cos(π step / steps)) / 2: half a cosine. Loshchilov, Hutter 2017, eq. 5, without restarts. */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  checkOptions('cosineDecay', options, COSINE);
  const { initial, steps, final = 0 } = options;
  return (step) => (step >= steps ? final : final + ((initial - final) * (1 + Math.cos((Math.PI * step) / steps))) / 2);
}

export interface CooldownOptions {
  /** The rate before it begins to fall, > 0. */
  readonly initial: number;
  /** The number of steps until the rate is 0, an integer >= 1. */
  readonly steps: number;
  /** The part of these steps in which the rate falls, within (0, 1]. Default 0.2. */
  readonly share?: number;
}

const COOLDOWN: OptionChecks<CooldownOptions> = {
  initial: check.required(check.positive),
  steps: check.required(check.count),
  share: { expected: 'a number above 0 and up to 1', accepts: (value) => check.positive.accepts(value) && (value as number) <= 1 },
};

/**
 * initial min(1, (steps - step) / (share steps)): the rate is constant, then falls linearly to 0. Zhai, Kolesnikov, Houlsby, Beyer 2022,
 * section 3.5; Hägele et al. 2024, section 4, find a fifth of the steps to be enough.
 */
export function cooldown(options: CooldownOptions): Schedule {
  checkOptions('cooldown', options, COOLDOWN);
  const { initial, steps, share = 0.2 } = options;
  return (step) => initial * Math.min(1, Math.max(0, steps - step) / (share * steps));
}

/**
 * Rises linearly, during the first `steps` steps, to the first rate of another schedule, then follows that schedule. Goyal et al. 2017,
 * section 2.2.
 * @param then the rate or schedule after the warm-up; its steps are counted from the end of the warm-up
 */
export function warmUp(steps: number, then: LearningRate): Schedule {
  checkValue('warmUp: steps', steps, check.count);
  const after = scheduleOf('warmUp', then);
  return (step) => (step < steps ? (after(0) * (step + 1)) / steps : after(step - steps));
}
