// Allowed errors of sums of many terms. They are proportional to the sum of the terms' magnitudes, which the reference computes by running the
// same kernel on magnitudes. A bias and an activation may follow the sum; their gradient is here too.

import type { Activation, TypedArray } from '@sinapse/core';
import type { Expectation } from './expectation.ts';
import { magnitudes } from './expectation.ts';
import { errors, flushed, fraction, fractions, plus, sumFactor, ulps } from './rounding.ts';

export const SUMS = 'sums of n terms in any order: (1 + min(n, 4 √n + n / 16)) u Σ|terms|';
export const PRODUCTS: string = `${SUMS}; one u more for the products`;

/** The factor for a sum of products: one rounding for each product, besides those of the sum. */
export function productFactor(terms: number): number {
  return sumFactor(terms) + 1;
}

/** The steepest slope of an activation: the most by which it magnifies an error of its input. */
export function steepest(activation: Activation, alpha: number): number {
  return activation === 'leakyRelu' ? Math.max(1, alpha) : 1;
}

/** The allowed error of a sum with a bias and an activation, including ulps for the activation and for alpha, which a device rounds to float32. */
export function activatedErrors(
  e: Expectation<'linear'> | Expectation<'conv2d'> | Expectation<'biasActivation'>,
  factor: number,
): Float64Array {
  const { inputs, attrs, scalars } = e.call;
  const rerun = e.rerun as (change: unknown) => readonly Float64Array[];
  const before = rerun({ inputs: magnitudes(inputs), attrs: { ...attrs, activation: 'linear' } })[0]!;
  const allowed = fractions(before, factor * steepest(attrs.activation, scalars.alpha));
  const rounds = attrs.activation === 'linear' || attrs.activation === 'relu' ? 0 : 6;
  return plus(allowed, ulps(e.outputs[0]!.value.data, rounds));
}

/** The allowed error of dy times the slope of an activation. One or two operations compute the slope from y, which may be flushed if subnormal. */
export function slopedErrors(y: TypedArray, dy: TypedArray, activation: Activation, alpha: number): Float64Array {
  const slopeSize = (value: number): number => {
    if (activation === 'sigmoid') return Math.abs(value) * (1 + Math.abs(value));
    if (activation === 'tanh') return 1 + value * value;
    return value > 0 ? 1 : activation === 'leakyRelu' ? alpha : 1;
  };
  const exact = activation === 'linear' || activation === 'relu';
  return errors(dy, (value, i) => (exact ? 0 : fraction(Math.abs(value) * slopeSize(y[i]!), 4) + flushed(value)));
}
