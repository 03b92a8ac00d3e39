// Allowed errors of batch normalisation. The statistics are sums over a batch, however they are cut into pieces; what is made of them inherits
// their errors.

import type { TypedArray } from '@sinapse/core';
import type { HostTensor } from '../grid/values.ts';
import type { Expectation } from './expectation.ts';
import { errors, fraction, plus, sumFactor, U, ulps } from './rounding.ts';
import { slopedErrors, steepest } from './sums.ts';

/** For every channel, the sum over the batch of a term. */
function sumsOf({ size }: HostTensor, channels: number, term: (i: number, channel: number) => number): Float64Array {
  const sums = new Float64Array(channels);
  for (let i = 0; i < size; i++) sums[i % channels]! += term(i, i % channels);
  return sums;
}

export function batchNormErrors(e: Expectation<'batchNorm'>): readonly Float64Array[] {
  const { x, scale, offset, residual } = e.call.inputs;
  const { alpha, epsilon } = e.call.scalars;
  const { activation } = e.call.attrs;
  const [y, means, variances] = e.outputs.map(({ value }) => value.data) as [TypedArray, TypedArray, TypedArray];
  const channels = scale.size;
  const rows = x.size / channels;
  const factor = sumFactor(rows) + 4;

  const sizes = sumsOf(x, channels, (i) => Math.abs(x.data[i]!) / rows);
  const meanErrors = errors(means, (_, c) => (rows === 1 ? 0 : fraction(sizes[c]!, factor)));
  // Chan, Golub, LeVeque 1983: n u κ of the variance, with κ² = 1 + mean² / variance, for updates of partial results. The error of the mean
  // enters squared.
  const varianceErrors = errors(variances, (variance, c) => {
    return fraction(Math.sqrt(variance * (variance + means[c]! ** 2)), factor) + meanErrors[c]! ** 2;
  });
  const linear = errors(y, (_, i) => {
    const c = i % channels;
    const spread = variances[c]! + epsilon;
    const ratio = varianceErrors[c]! / spread;
    if (ratio >= 1) return Infinity; // the variance is a matter of rounding alone
    const inverseError = 1 / Math.sqrt(1 - ratio) - 1 + 6 * U;
    const slope = Math.abs(scale.data[c]!) / Math.sqrt(spread);
    const [value, mean] = [x.data[i]!, means[c]!];
    // The factor and the term of an affine map x · factor + term may be rounded before they meet.
    const terms = slope * (Math.abs(value) + Math.abs(mean)) + Math.abs(offset.data[c]!) + Math.abs(residual?.data[i] ?? 0);
    return fraction(terms, 4) + slope * (Math.abs(value - mean) * inverseError + meanErrors[c]!);
  });
  const rounds = activation === 'linear' || activation === 'relu' ? 0 : 6;
  const yErrors = plus(linear.map((error) => error * steepest(activation, alpha)), ulps(y, rounds)); // prettier-ignore
  return [yErrors, meanErrors, varianceErrors];
}

export function batchNormGradErrors(e: Expectation<'batchNormGrad'>): readonly Float64Array[] {
  const { x, y, dy, scale, mean, variance } = e.call.inputs;
  const { alpha, epsilon } = e.call.scalars;
  const { activation, residual } = e.call.attrs;
  const [dx, dscale, doffset] = e.outputs.map(({ value }) => value.data) as [TypedArray, TypedArray, TypedArray];
  const dz = e.rerun({ attrs: { activation, residual: true } })[3]!;
  const channels = scale.size;
  const rows = x.size / channels;

  const dzErrors = slopedErrors(y.data, dy.data, activation, alpha);
  const inverse = (c: number): number => 1 / Math.sqrt(variance.data[c]! + epsilon);
  const normalised = (i: number, c: number): number => Math.abs(x.data[i]! - mean.data[c]!) * inverse(c);
  const offsetSizes = sumsOf(x, channels, (i) => Math.abs(dz[i]!));
  const scaleSizes = sumsOf(x, channels, (i, c) => Math.abs(dz[i]!) * normalised(i, c));
  const offsetInherited = sumsOf(x, channels, (i) => dzErrors[i]!);
  const scaleInherited = sumsOf(x, channels, (i, c) => dzErrors[i]! * normalised(i, c));
  const offsetErrors = errors(doffset, (_, c) => fraction(offsetSizes[c]!, sumFactor(rows)) + offsetInherited[c]!);
  // 8 more for each term: a difference, a root, a quotient and two products. x - mean comes first, or its digits are lost.
  const scaleErrors = errors(dscale, (_, c) => fraction(scaleSizes[c]!, sumFactor(rows) + 8) + scaleInherited[c]!);
  const dxErrors = errors(dx, (_, i) => {
    const c = i % channels;
    const terms = Math.abs(dz[i]!) + (Math.abs(doffset[c]!) + normalised(i, c) * Math.abs(dscale[c]!)) / rows;
    const inherited = dzErrors[i]! + (offsetErrors[c]! + normalised(i, c) * scaleErrors[c]!) / rows;
    return Math.abs(scale.data[c]!) * inverse(c) * (fraction(terms, 12) + inherited);
  });
  return [dxErrors, scaleErrors, offsetErrors, residual ? dzErrors : new Float64Array(0)];
}
