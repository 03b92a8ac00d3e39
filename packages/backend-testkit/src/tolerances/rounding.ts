// How float32 rounds, and the bounds that follow from it.
//
// One operation is off by at most u = 2^-24 of its result. A sum of n terms in any order is off by at most (n - 1) u Σ|terms| (Higham 2002,
// "Accuracy and Stability of Numerical Algorithms", 4.2). Roundings that go either way make about √n u Σ|terms| of it; those of equal terms,
// added one after another, all go one way and make up to n u Σ|terms| / 16. Bounds are taken from Σ|terms| and not from the result, so that
// they are neither loose where nothing cancels nor wrong where everything does.

import type { TypedArray } from '@sinapse/core';
import { SMALLEST_NORMAL } from '../grid/values.ts';

/** Unit roundoff of float32. */
export const U: number = 2 ** -24;

/** Beyond it a sum may overflow on the way, depending on its order. */
const OVERFLOW = 2 ** 126;

const WORD = new Float32Array(1);
const BITS = new Uint32Array(WORD.buffer);

/** The distance from |x| to the next larger float32. */
export function ulp(x: number): number {
  WORD[0] = x;
  const exponent = (BITS[0]! >>> 23) & 0xff;
  return 2 ** (Math.max(exponent, 1) - 150);
}

/** An error that no computed value can have, e.g. a count of ulps of every element of y. */
export function errors(y: TypedArray, errorOf: (value: number, i: number) => number): Float64Array {
  const allowed = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) allowed[i] = errorOf(y[i]!, i);
  return allowed;
}

/** `count` units in the last place of every element. */
export function ulps(y: TypedArray, count: number): Float64Array {
  return errors(y, (value) => count * ulp(value));
}

/** u times this times Σ|terms| bounds a sum of n terms: rigorous for few, for many four times what is likely. */
export function sumFactor(n: number): number {
  return 1 + Math.min(n, 4 * Math.sqrt(n) + n / 16);
}

/**
 * A multiple of u Σ|terms|. Where an input is not finite the result is checked as it is; where float32 could overflow on the way, anything
 * is right.
 */
export function fraction(magnitude: number, factor: number): number {
  if (!Number.isFinite(magnitude)) return 0;
  return magnitude > OVERFLOW ? Infinity : factor * U * magnitude;
}

export function fractions(magnitudes: TypedArray, factor: number): Float64Array {
  return errors(magnitudes, (magnitude) => fraction(magnitude, factor));
}

/** What a factor makes of a subnormal number that was flushed. */
export function flushed(factor: number): number {
  return Number.isFinite(factor) ? Math.abs(factor) * SMALLEST_NORMAL : 0;
}

/** The sums of two allowances. */
export function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!);
}

/** e^(b ln a): the exponent's rounding is magnified by its size. */
export function powerError(value: number, a: number, b: number): number {
  const exponent = b * Math.log(Math.abs(a));
  if (!Number.isFinite(exponent) || !Number.isFinite(value)) return 0;
  return 4 * ulp(value) + 2 * U * Math.abs(value * exponent);
}
