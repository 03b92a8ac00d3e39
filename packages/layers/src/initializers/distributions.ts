// Initialisers that do not depend on the shape: constants and plain distributions.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, hostNormal, hostTruncatedNormal, hostUniform, sizeOf } from '@sinapse/core';
import type { Initializer } from './initializer.ts';

/** One value everywhere. */
export function constant(value: number): Initializer {
  checkValue('constant: value', value, check.finite);
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** 0 everywhere: the default of biases. */
export const zeros: Initializer = (shape) => new Float32Array(sizeOf(shape));

/** 1 everywhere. */
export const ones: Initializer = (shape) => new Float32Array(sizeOf(shape)).fill(1);

export interface NormalOptions {
  /** The mean. Default 0. */
  readonly mean?: number;
  /** The standard deviation, >= 0. Default 0.05. */
  readonly deviation?: number;
}

const NORMAL: OptionChecks<NormalOptions> = { mean: check.finite, deviation: check.notNegative };

/** Normal distribution, by default with mean 0 and standard deviation 0.05. */
export function normal(options: NormalOptions = {}): Initializer {
  checkOptions('normal', options, NORMAL);
  const { mean = 0, deviation = 0.05 } = options;
  return (shape, key) => hostNormal(key, sizeOf(shape), mean, deviation);
}

/**
 * Normal distribution cut at two standard deviations on either side, by default with mean 0 and deviation 0.05. `deviation` is the one
 * before the cut; the cut distribution has 0.8796 of it.
 */
export function truncatedNormal(options: NormalOptions = {}): Initializer {
  checkOptions('truncatedNormal', options, NORMAL);
  const { mean = 0, deviation = 0.05 } = options;
  return (shape, key) => hostTruncatedNormal(key, sizeOf(shape), mean, deviation);
}

export interface UniformOptions {
  /** The lower bound. Default -0.05. */
  readonly low?: number;
  /** The upper bound, at least `low`. Default 0.05. */
  readonly high?: number;
}

const UNIFORM: OptionChecks<UniformOptions> = { low: check.finite, high: check.finite };

/** Uniform distribution in [low, high), by default from -0.05 to 0.05. */
export function uniform(options: UniformOptions = {}): Initializer {
  checkOptions('uniform', options, UNIFORM);
  const { low = -0.05, high = 0.05 } = options;
  if (low > high) throw new SinapseError(`uniform: low ${low} must be at most high ${high}`);
  return (shape, key) => hostUniform(key, sizeOf(shape), low, high);
}
