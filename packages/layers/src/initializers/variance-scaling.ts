// Initialisers that keep the variance of signals constant from layer to layer. Their variance is scale / fan.

import { hostNormal, hostUniform, sizeOf } from '@sinapse/core';
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
