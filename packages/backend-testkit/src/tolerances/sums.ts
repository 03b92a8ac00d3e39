// Allowed errors of what adds up many terms: what can be off is the sum of the magnitudes of all terms, which the reference computes by running
// the same kernel on magnitudes. With a bias and an activation behind them, and the gradient of these.

import type { Activation, TypedArray } from '@sinapse/core';
import type { Expectation } from './expectation.ts';
import { magnitudes } from './expectation.ts';
import { errors, flushed, fraction, fractions, plus, sumFactor, ulps } from './rounding.ts';

export const SUMS = 'sums of n terms in any order: (1 + min(n, 4 √n + n / 16)) u Σ|terms|';
export const PRODUCTS: string = `${SUMS}; one u more for the products`;

/** One rounding for each product, besides those of their sum. */
export function productFactor(terms: number): number {
  return sumFactor(terms) + 1;
}

/** The steepest slope of an activation: how far it can magnify an error of its input. */
export function steepest(activation: Activation, alpha: number): number {
  return activation === 'elu' || activation === 'leakyRelu' ? Math.max(1, alpha) : 1;
}

/** Of a sum with a bias and an activation; ulps for the activation itself, and for alpha, which a device rounds to float32. */
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

/** Of dy times the slope of an activation, which is worked out from y by one or two operations; y may be flushed where it is subnormal. */
export function slopedErrors(y: TypedArray, dy: TypedArray, activation: Activation, alpha: number): Float64Array {
  const slopeSize = (value: number): number => {
    if (activation === 'sigmoid') return Math.abs(value) * (1 + Math.abs(value));
    if (activation === 'tanh') return 1 + value * value;
    return value > 0 ? 1 : activation === 'elu' ? Math.abs(value) + alpha : activation === 'leakyRelu' ? alpha : 1;
  };
  const exact = activation === 'linear' || activation === 'relu';
  return errors(dy, (value, i) => (exact ? 0 : fraction(Math.abs(value) * slopeSize(y[i]!), 4) + flushed(value)));
}
