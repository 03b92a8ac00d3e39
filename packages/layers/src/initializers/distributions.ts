// Initialisers whose spread is given: constants and plain distributions.

import { SinapseError, hostNormal, hostTruncatedNormal, hostUniform, sizeOf } from '@sinapse/core';
import type { Initializer } from './initializer.ts';

/** One value everywhere. */
export function constant(value: number): Initializer {
  checkFinite('constant', 'value', value);
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** 0 everywhere: the default of biases. */
export const zeros: Initializer = (shape) => new Float32Array(sizeOf(shape));

/** 1 everywhere. */
export const ones: Initializer = (shape) => new Float32Array(sizeOf(shape)).fill(1);

/** Normal distribution: mean 0 and standard deviation 0.05 unless given. */
export function normal({ mean = 0, deviation = 0.05 }: { readonly mean?: number; readonly deviation?: number } = {}): Initializer {
  checkSpread('normal', mean, deviation);
  return (shape, key) => hostNormal(key, sizeOf(shape), mean, deviation);
}

/**
 * Normal distribution cut at two standard deviations on either side: mean 0 and deviation 0.05 unless given. The deviation is that before the
 * cut; what remains has 0.8796 of it.
 */
export function truncatedNormal({ mean = 0, deviation = 0.05 }: { readonly mean?: number; readonly deviation?: number } = {}): Initializer {
  checkSpread('truncatedNormal', mean, deviation);
  return (shape, key) => hostTruncatedNormal(key, sizeOf(shape), mean, deviation);
}

/** Uniform distribution in [low, high): from -0.05 to 0.05 unless given. */
export function uniform({ low = -0.05, high = 0.05 }: { readonly low?: number; readonly high?: number } = {}): Initializer {
  checkFinite('uniform', 'low', low);
  checkFinite('uniform', 'high', high);
  if (low > high) throw new SinapseError(`uniform: low ${low} must be at most high ${high}`);
  return (shape, key) => hostUniform(key, sizeOf(shape), low, high);
}

function checkSpread(name: string, mean: number, deviation: number): void {
  checkFinite(name, 'mean', mean);
  checkFinite(name, 'deviation', deviation);
  if (deviation < 0) throw new SinapseError(`${name}: deviation: expected a number >= 0, got ${deviation}`);
}

function checkFinite(name: string, option: string, value: number): void {
  if (!Number.isFinite(value)) throw new SinapseError(`${name}: ${option}: expected a finite number, got ${String(value)}`);
}
