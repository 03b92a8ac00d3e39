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

/** A function of each element of a float tensor. */
export type Activation = (x: Tensor) => Tensor;

/** The formula as one kernel. Its errors about x name the activation, not the ops in it. */
export function activation(name: string, formula: Activation): Activation {
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

/**
 * x sigmoid(2 √(2/π) (x + 0.044715 x³)): the form of gelu with tanh, since (1 + tanh u) / 2 = sigmoid(2u), which keeps its digits in the tail. It is
 * within 5e-4 of gelu. Hendrycks, Gimpel 2016.
 */
export const geluTanh: Activation = activation('geluTanh', (x) => {
  const cubic = add(x, mul(mul(mul(x, x), x), 0.044715));
  return mul(x, sigmoid(mul(cubic, 2 * Math.sqrt(2 / Math.PI))));
});

/**
 * x tanh(ln(1 + e^x)). With e = e^-|x|, the tangent is (1 + 2e) / (1 + 2e + 2e²) above 0 and e (e + 2) / (e (e + 2) + 2) below: no overflow, and
 * accurate in both tails. Misra 2019.
 */
export const mish: Activation = activation('mish', (x) => {
  const positive = greater(x, 0);
  const e = exp(where(positive, neg(x), x));
  const above = add(mul(e, 2), 1);
  const below = mul(e, add(e, 2));
  const numerator = where(positive, above, below);
  return mul(x, div(numerator, where(positive, add(above, mul(mul(e, e), 2)), add(below, 2))));
});

const celuOf = fused((x: Tensor, alpha: Scalar) => {
  const positive = greater(x, 0);
  return where(positive, x, mul(expm1(div(where(positive, 0, x), alpha)), alpha));
});

/**
 * x above 0, alpha (e^(x / alpha) - 1) below: an elu with the slope 1 at 0 for every alpha. Barron 2017.
 * @param alpha > 0
 */
export function celu(x: Tensor, alpha: Scalar = 1): Tensor {
  checkTensor('celu', x);
  checkFloats('celu', x);
  checkScalar('celu', alpha, check.positive, 'alpha');
  return celuOf(x, alpha);
}
