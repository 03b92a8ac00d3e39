// Activations made of several ops, each fused into one kernel call.

import * as check from '../contract/checks.ts';
import { checkScalar } from '../contract/options.ts';
import type { Scalar } from '../contract/scalar.ts';
import { fused } from '../fused/fused.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, mul } from './arithmetic.ts';
import { greater } from './comparison.ts';
import { checkFloats } from './operands.ts';
import { where } from './select.ts';
import { abs, erfc, exp, expm1, log1p, neg, sigmoid } from './unary.ts';

type Activation = (x: Tensor) => Tensor;

/** The formula as one kernel. Its errors about x name the activation, not the ops in it. */
function activation(name: string, formula: Activation): Activation {
  const run = fused(formula);
  return (x) => {
    checkTensor(name, x);
    checkFloats(name, x);
    return run(x);
  };
}

const eluOf = fused((x: Tensor, alpha: Scalar) => {
  const positive = greater(x, 0);
  return where(positive, x, mul(expm1(where(positive, 0, x)), alpha)); // e^x of a large x would be infinite, and its gradient NaN
});

/**
 * x above 0, alpha (e^x - 1) below. The gradient alpha e^x is computed from x: from the result it would be 0 where that rounds to -alpha.
 * Clevert, Unterthiner, Hochreiter 2016.
 * @param alpha >= 0
 */
export function elu(x: Tensor, alpha: Scalar = 1): Tensor {
  checkTensor('elu', x);
  checkFloats('elu', x);
  checkScalar('elu', alpha, check.notNegative, 'alpha');
  return eluOf(x, alpha);
}

/** The self-normalising elu. Klambauer et al. 2017, constants of appendix A. */
export const selu: Activation = activation('selu', (x) => mul(elu(x, 1.6732632423543772), 1.0507009873554805));

/**
 * ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|): no overflow, and accurate in both tails. `where` takes |x| and max apart, so that 0 belongs to one
 * side with all derivatives; `abs` and `maximum` would give the second derivative 0 there, which is 1/4.
 */
export const softplus: Activation = activation('softplus', (x) => {
  const positive = greater(x, 0);
  return add(where(positive, x, 0), log1p(exp(where(positive, neg(x), x))));
});

/** x / (1 + |x|). */
export const softsign: Activation = activation('softsign', (x) => div(x, add(abs(x), 1)));

/** x Φ(x), Φ the normal distribution function: x erfc(-x / √2) / 2, accurate in the tail where Φ is almost 0. Hendrycks, Gimpel 2016. */
export const gelu: Activation = activation('gelu', (x) => mul(mul(x, 0.5), erfc(mul(x, -Math.SQRT1_2))));

/** x sigmoid(x), also called SiLU. Ramachandran, Zoph, Le 2017. */
export const swish: Activation = activation('swish', (x) => mul(x, sigmoid(x)));
