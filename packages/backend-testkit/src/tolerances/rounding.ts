// How float32 rounds, and the bounds that follow from it.
//
// One operation is off by at most u = 2^-24 of its result. A sum of n terms in any order is off by at most (n - 1) u Σ|terms| (Higham 2002,
// "Accuracy and Stability of Numerical Algorithms", 4.2). Roundings in random directions give about √n u Σ|terms|; roundings of equal terms,
// added one after another, all go in one direction and give up to n u Σ|terms| / 16. Bounds are
// taken from Σ|terms| and not from the result: so they are tight if nothing cancels, and right if everything does.

import type { TypedArray } from '@sinapse/core';
import { SMALLEST_NORMAL } from '../grid/values.ts';

/** Unit roundoff of float32. */
export const U: number = 2 ** -24;

/** Above this a partial sum may overflow, depending on the order. */
const OVERFLOW = 2 ** 126;

const WORD = new Float32Array(1);
const BITS = new Uint32Array(WORD.buffer);

/** The distance from |x| to the next larger float32. */
export function ulp(x: number): number {
  WORD[0] = x;
  const exponent = (BITS[0]! >>> 23) & 0xff;
  return 2 ** (Math.max(exponent, 1) - 150);
}

/** The allowed error of every element of y, e.g. a number of ulps. */
export function errors(y: TypedArray, errorOf: (value: number, i: number) => number): Float64Array {
  const allowed = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) allowed[i] = errorOf(y[i]!, i);
  return allowed;
}

/** `count` units in the last place of every element. */
export function ulps(y: TypedArray, count: number): Float64Array {
  return errors(y, (value) => count * ulp(value));
}

/** The factor f with which f u Σ|terms| bounds the error of a sum of n terms: rigorous for small n, four times the likely error for large n. */
export function sumFactor(n: number): number {
  return 1 + Math.min(n, 4 * Math.sqrt(n) + n / 16);
}

/**
 * The allowed error factor · u · magnitude. If an input is not finite, the result is checked exactly; if float32 could overflow in a partial
 * result, any result is right.
 */
export function fraction(magnitude: number, factor: number): number {
  if (!Number.isFinite(magnitude)) return 0;
  return magnitude > OVERFLOW ? Infinity : factor * U * magnitude;
}

export function fractions(magnitudes: TypedArray, factor: number): Float64Array {
  return errors(magnitudes, (magnitude) => fraction(magnitude, factor));
}

/** The error in a product with this factor when the other factor is a subnormal number that was flushed to 0. */
export function flushed(factor: number): number {
  return Number.isFinite(factor) ? Math.abs(factor) * SMALLEST_NORMAL : 0;
}

/** The sums of two allowances. */
export function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!);
}

/** The allowed error of a^b, computed as e^(b ln a): the rounding of the exponent is magnified by the exponent's size. */
export function powerError(value: number, a: number, b: number): number {
  const exponent = b * Math.log(Math.abs(a));
  if (!Number.isFinite(exponent) || !Number.isFinite(value)) return 0;
  return 4 * ulp(value) + 2 * U * Math.abs(value * exponent);
}
