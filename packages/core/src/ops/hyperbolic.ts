// Hyperbolic functions and their inverses.

import { fused } from '../fused/fused.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { greater, less } from './comparison.ts';
import { withSlope } from './float-function.ts';
import { where } from './select.ts';
import { abs, exp, expm1, log, log1p, reciprocal, sign, sqrt, square } from './unary.ts';

/** From here on 1 is lost beside x², also in float64. */
const LARGE = 1e9;

const sinhOf = fused((x: Tensor) => {
  const size = abs(x);
  const isLarge = greater(size, 20);
  const grown = expm1(where(isLarge, 0, size)); // e^x - 1 keeps the digits of a small x
  const root = exp(mul(size, 0.5)); // e^x would overflow before e^x / 2
  return mul(where(isLarge, mul(mul(root, 0.5), root), mul(add(grown, div(grown, add(grown, 1))), 0.5)), sign(x));
});

const coshOf = fused((x: Tensor) => {
  const root = exp(mul(abs(x), 0.5));
  return add(mul(mul(root, 0.5), root), div(div(0.5, root), root));
});

const asinhOf = fused((x: Tensor) => {
  const size = abs(x);
  const isLarge = greater(size, LARGE);
  const small = where(isLarge, 0, size);
  const squared = mul(small, small);
  const near = log1p(add(small, div(squared, add(sqrt(add(squared, 1)), 1))));
  return mul(where(isLarge, add(log(size), Math.LN2), near), sign(x));
});

const acoshOf = fused((x: Tensor) => {
  const isLarge = greater(x, LARGE);
  const above = where(isLarge, 0, sub(x, 1));
  const near = log1p(add(above, sqrt(mul(above, add(above, 2)))));
  return where(less(x, 1), NaN, where(isLarge, add(log(x), Math.LN2), near));
});

const atanhOf = fused((x: Tensor) => {
  const size = abs(x);
  return mul(mul(log1p(div(mul(size, 2), sub(1, size))), 0.5), sign(x));
});

/** (e^x - e^-x) / 2. float32. */
export const sinh: (x: Tensor) => Tensor = withSlope('sinh', sinhOf, (x) => cosh(x));

/** (e^x + e^-x) / 2. float32. */
export const cosh: (x: Tensor) => Tensor = withSlope('cosh', coshOf, (x) => sinh(x));

/** The number whose hyperbolic sine is x: ln(x + √(x² + 1)). float32. */
export const asinh: (x: Tensor) => Tensor = withSlope('asinh', asinhOf, (x) => {
  const isLarge = greater(abs(x), LARGE);
  return reciprocal(where(isLarge, abs(x), sqrt(add(square(where(isLarge, 0, x)), 1))));
});

/** The number >= 0 whose hyperbolic cosine is x: ln(x + √(x² - 1)); NaN below 1. float32. */
export const acosh: (x: Tensor) => Tensor = withSlope('acosh', acoshOf, (x) => reciprocal(mul(sqrt(sub(x, 1)), sqrt(add(x, 1)))));

/** The number whose hyperbolic tangent is x: ln((1 + x) / (1 - x)) / 2; infinite at ±1, NaN beyond. float32. */
export const atanh: (x: Tensor) => Tensor = withSlope('atanh', atanhOf, (x) => reciprocal(mul(sub(1, x), add(x, 1))));
