// Activations made of several ops, each fused into one kernel call.

import { fused } from '../fused/fused.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { elu } from './activation.ts';
import { add, div, maximum, mul } from './arithmetic.ts';
import { abs, erf, exp, log1p, neg, sigmoid } from './unary.ts';

type Activation = (x: Tensor) => Tensor;

/** The self-normalising elu. Klambauer et al. 2017, constants of appendix A. */
export const selu: Activation = fused((x: Tensor) => mul(elu(x, 1.6732632423543772), 1.0507009873554805));

/** ln(1 + e^x), without overflow. */
export const softplus: Activation = fused((x: Tensor) => add(maximum(x, 0), log1p(exp(neg(abs(x))))));

/** x / (1 + |x|). */
export const softsign: Activation = fused((x: Tensor) => div(x, add(abs(x), 1)));

/** x Φ(x), Φ the normal distribution function. Hendrycks, Gimpel 2016. */
export const gelu: Activation = fused((x: Tensor) => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1)));

/** x sigmoid(x), also called SiLU. Ramachandran, Zoph, Le 2017. */
export const swish: Activation = fused((x: Tensor) => mul(x, sigmoid(x)));
