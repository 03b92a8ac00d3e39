// Initialisers that keep the variance of signals constant from layer to layer. Their variance is scale / fan.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions, hostNormal, hostTruncatedNormal, hostUniform, sizeOf } from '@sinapse/core';
import type { Fans, Initializer } from './initializer.ts';
import { fansOf } from './initializer.ts';

/** The variance of a kernel's values, from its fans. */
type Variance = (fans: Fans) => number;

const glorot: Variance = ({ fanIn, fanOut }) => 2 / Math.max(1, fanIn + fanOut);
const he: Variance = ({ fanIn }) => 2 / Math.max(1, fanIn);
const lecun: Variance = ({ fanIn }) => 1 / Math.max(1, fanIn);

/** A uniform distribution in [-a, a) has variance a² / 3. */
function uniformOf(variance: Variance): Initializer {
  return (shape, key, groups) => {
    const limit = Math.sqrt(3 * variance(fansOf(shape, groups)));
    return hostUniform(key, sizeOf(shape), -limit, limit);
  };
}

function normalOf(variance: Variance): Initializer {
  return (shape, key, groups) => hostNormal(key, sizeOf(shape), 0, Math.sqrt(variance(fansOf(shape, groups))));
}

/** Uniform, variance 2 / (fanIn + fanOut): the default of kernels. Glorot, Bengio 2010, eq. 16. */
export const glorotUniform: Initializer = uniformOf(glorot);

/** Normal, variance 2 / (fanIn + fanOut). Glorot, Bengio 2010, eq. 12. */
export const glorotNormal: Initializer = normalOf(glorot);

/** Uniform, variance 2 / fanIn: for relu and its kin. He, Zhang, Ren, Sun 2015, eq. 10. */
export const heUniform: Initializer = uniformOf(he);

/** Normal, variance 2 / fanIn: for relu and its kin. He, Zhang, Ren, Sun 2015, eq. 10. */
export const heNormal: Initializer = normalOf(he);

/** Uniform, variance 1 / fanIn: for tanh and selu. LeCun, Bottou, Orr, Müller 1998, eq. 16. */
export const lecunUniform: Initializer = uniformOf(lecun);

/** Normal, variance 1 / fanIn: for tanh and selu. LeCun, Bottou, Orr, Müller 1998, eq. 16. */
export const lecunNormal: Initializer = normalOf(lecun);

export interface VarianceScalingOptions {
  /** The variance times the fan; > 0. Default 1. */
  readonly scale?: number;
  /** Which fan: the inputs of a unit, the units of an input, or the mean of both. Default `fanIn`. */
  readonly mode?: 'fanIn' | 'fanOut' | 'fanAvg';
  /** Default `truncatedNormal`: cut at two standard deviations, and scaled to the variance after the cut. */
  readonly distribution?: 'truncatedNormal' | 'normal' | 'uniform';
}

const MODES = {
  fanIn: ({ fanIn }: Fans) => fanIn,
  fanOut: ({ fanOut }: Fans) => fanOut,
  fanAvg: ({ fanIn, fanOut }: Fans) => (fanIn + fanOut) / 2,
} as const;

/** The standard deviation of the standard normal distribution after it is cut at ±2. */
const CUT_DEVIATION = 0.8796256610342398;

const DISTRIBUTIONS: Readonly<Record<string, (variance: Variance) => Initializer>> = {
  truncatedNormal: (variance) => (shape, key, groups) =>
    hostTruncatedNormal(key, sizeOf(shape), 0, Math.sqrt(variance(fansOf(shape, groups))) / CUT_DEVIATION),
  normal: normalOf,
  uniform: uniformOf,
};

const VARIANCE_SCALING: OptionChecks<VarianceScalingOptions> = {
  scale: check.positive,
  mode: check.oneOf(Object.keys(MODES)),
  distribution: check.oneOf(Object.keys(DISTRIBUTIONS)),
};

/**
 * Variance scale / fan, with mean 0: the family to which the others belong. `varianceScaling({ scale: 2, distribution: 'normal' })` is `heNormal`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  checkOptions('varianceScaling', options, VARIANCE_SCALING);
  const { scale = 1, mode = 'fanIn', distribution = 'truncatedNormal' } = options;
  return DISTRIBUTIONS[distribution]!((fans) => scale / Math.max(1, MODES[mode](fans)));
}
