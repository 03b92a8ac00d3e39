// Batch normalisation and its gradient. The statistics are sums over a batch, which may be cut into any pieces; y and the
// gradients inherit the errors of the statistics.

import type { Activation, Shape, TypedArray } from '@sinapse/core';
import { activated, ACTIVATED, BIASED } from '../grid/activated.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass } from '../grid/values.ts';
import { hostTensor } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { errors, fraction, plus, sumFactor, U, ulps } from '../tolerances/rounding.ts';
import { slopedErrors, steepest } from '../tolerances/sums.ts';
import type { Records } from './record.ts';

/** No infinities: the result of a channel with an infinity is left open. */
const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'wide'];

const EPSILONS: readonly number[] = [1e-5, 1e-3, 0.25];

interface Normalised {
  readonly shape: Shape;
  readonly activation: Activation;
  readonly alpha: number;
  readonly epsilon: number;
  readonly residual: boolean;
}

function shapes(grid: Grid): readonly Shape[] {
  const more: readonly Shape[] = [[3, 0], [1, 1, 1, 8], [2, 5, 5, 16], [700, 3]]; // prettier-ignore
  return [...BIASED, ...more, ...(grid.full ? [[3, 7, 9, 31], [64, 300], [5000, 1], [2, 17, 17, 8]] : [])]; // prettier-ignore
}

const PARAMETERS = {
  activation: ACTIVATED.activation,
  alpha: ACTIVATED.alpha,
  epsilon: EPSILONS,
  residual: [false, true],
};

/** x moved to another centre. There an implementation that sums squares before it subtracts the mean loses its digits. */
function moved(x: HostTensor, centre: number): HostTensor {
  return hostTensor(
    x.dtype,
    x.shape,
    Array.from(x.data, (value) => value + centre),
  );
}

function batchNormCases(grid: Grid): Cases<'batchNorm'> {
  return gridCases<'batchNorm', Normalised & { centre: number }>(grid, 'batchNorm', {
    contents: floats(CLASSES),
    parameters: { ...PARAMETERS, shape: shapes(grid), centre: [0, 1000] },
    build: ({ shape, activation, alpha, epsilon, residual, centre, values }, random) => ({
      inputs: {
        x: moved(random.tensor('float32', shape, values), centre),
        scale: random.tensor('float32', shape.slice(-1), 'ordinary'),
        offset: random.tensor('float32', shape.slice(-1), 'ordinary'),
        ...(residual ? { residual: random.tensor('float32', shape, values === 'nan' ? 'ordinary' : values) } : {}),
      },
      attrs: { activation },
      scalars: { alpha, epsilon },
    }),
  });
}

function batchNormGradCases(grid: Grid): Cases<'batchNormGrad'> {
  return gridCases<'batchNormGrad', Normalised & { centre: number }>(grid, 'batchNormGrad', {
    contents: floats(CLASSES),
    parameters: { ...PARAMETERS, shape: shapes(grid), centre: [0, 1000] },
    build: ({ shape, activation, alpha, epsilon, residual, centre, values }, random) => ({
      inputs: {
        x: moved(random.tensor('float32', shape, values), centre),
        y: activated(random.tensor('float32', shape, values === 'nan' ? 'ordinary' : values), activation, alpha),
        dy: random.tensor('float32', shape, values === 'nan' ? 'ordinary' : values),
        scale: random.tensor('float32', shape.slice(-1), 'ordinary'),
        mean: moved(random.tensor('float32', shape.slice(-1), 'ordinary'), centre),
        variance: random.uniform(shape.slice(-1), 0.1, 4),
      },
      attrs: { activation, residual },
      scalars: { alpha, epsilon },
    }),
  });
}

/** The sum of a term over the batch, for every channel. */
function sumsOf({ size }: HostTensor, channels: number, term: (i: number, channel: number) => number): Float64Array {
  const sums = new Float64Array(channels);
  for (let i = 0; i < size; i++) sums[i % channels]! += term(i, i % channels);
  return sums;
}

function batchNormErrors(e: Expectation<'batchNorm'>): readonly Float64Array[] {
  const { x, scale, offset, residual } = e.call.inputs;
  const { alpha, epsilon } = e.call.scalars;
  const { activation } = e.call.attrs;
  const [y, means, variances] = e.outputs.map(({ value }) => value.data) as [TypedArray, TypedArray, TypedArray];
  const channels = scale.size;
  const rows = x.size / channels;
  const factor = sumFactor(rows) + 4;

  const sizes = sumsOf(x, channels, (i) => Math.abs(x.data[i]!) / rows);
  const meanErrors = errors(means, (_, c) => (rows === 1 ? 0 : fraction(sizes[c]!, factor)));
  // Chan, Golub, LeVeque 1983: with updates of partial results the variance is off by n u κ of it, where κ² = 1 + mean² / variance. The error
  // of the mean enters squared.
  const varianceErrors = errors(variances, (variance, c) => {
    return fraction(Math.sqrt(variance * (variance + means[c]! ** 2)), factor) + meanErrors[c]! ** 2;
  });
  const linear = errors(y, (_, i) => {
    const c = i % channels;
    const spread = variances[c]! + epsilon;
    const ratio = varianceErrors[c]! / spread;
    if (ratio >= 1) return Infinity; // the variance is nothing but rounding error
    const inverseError = 1 / Math.sqrt(1 - ratio) - 1 + 6 * U;
    const slope = Math.abs(scale.data[c]!) / Math.sqrt(spread);
    const [value, mean] = [x.data[i]!, means[c]!];
    // A kernel may compute an affine map x · factor + term, and round the factor and the term first.
    const terms = slope * (Math.abs(value) + Math.abs(mean)) + Math.abs(offset.data[c]!) + Math.abs(residual?.data[i] ?? 0);
    return fraction(terms, 4) + slope * (Math.abs(value - mean) * inverseError + meanErrors[c]!);
  });
  const rounds = activation === 'linear' || activation === 'relu' ? 0 : 6;
  const yErrors = plus(linear.map((error) => error * steepest(activation, alpha)), ulps(y, rounds)); // prettier-ignore
  return [yErrors, meanErrors, varianceErrors];
}

function batchNormGradErrors(e: Expectation<'batchNormGrad'>): readonly Float64Array[] {
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
  // 8 roundings more for each term: a difference, a root, a quotient and two products. x - mean must be computed first, or its digits are lost.
  const scaleErrors = errors(dscale, (_, c) => fraction(scaleSizes[c]!, sumFactor(rows) + 8) + scaleInherited[c]!);
  const dxErrors = errors(dx, (_, i) => {
    const c = i % channels;
    const terms = Math.abs(dz[i]!) + (Math.abs(doffset[c]!) + normalised(i, c) * Math.abs(dscale[c]!)) / rows;
    const inherited = dzErrors[i]! + (offsetErrors[c]! + normalised(i, c) * scaleErrors[c]!) / rows;
    return Math.abs(scale.data[c]!) * inverse(c) * (fraction(terms, 12) + inherited);
  });
  return [dxErrors, scaleErrors, offsetErrors, residual ? dzErrors : new Float64Array(0)];
}

export const batchNormRecords: Records<'batchNorm' | 'batchNormGrad'> = {
  batchNorm: {
    cases: batchNormCases,
    why: 'mean a sum; variance as pairwise updates, u times deviation times root mean square; y what follows, bias and activation as biasActivation',
    allowed: batchNormErrors,
  },
  batchNormGrad: {
    cases: batchNormGradCases,
    why: 'dz as biasActivationGrad; doffset, dscale sums of dz and of dz times normalised x; dx 12 u times the sizes of its terms, and theirs',
    allowed: batchNormGradErrors,
  },
};
