// Gradient cases of formulas, which run as one program forward and one backward.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, positive, spaced } from '../cases/gradient-case.ts';
import type { Scalar } from '../contract/scalar.ts';
import { cell, derived } from '../contract/scalar.ts';
import { leakyRelu, relu } from '../ops/activation.ts';
import { add, div, maximum, mul, sub } from '../ops/arithmetic.ts';
import { greater } from '../ops/comparison.ts';
import { pow } from '../ops/power.ts';
import { where } from '../ops/select.ts';
import { sum } from '../ops/sum.ts';
import { erf, exp, log1p, sigmoid, sin, sqrt, square, tanh } from '../ops/unary.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { fused } from './fused.ts';

const gelu = fused((x: Tensor) => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1)));
const users = fused((x: Tensor, bias: Tensor, scale: Tensor, rate: Scalar) => mul(tanh(add(mul(x, scale), bias)), derived((r) => 1 - r, rate))); // prettier-ignore
const pieces = fused((x: Tensor, y: Tensor) => where(greater(x, 0), mul(x, y), leakyRelu(sub(x, y), 0.2)));
const several = fused((x: Tensor, y: Tensor) => ({ product: mul(x, y), root: sqrt(add(square(x), square(y))), same: x }));
const nested = fused((x: Tensor) => relu(add(gelu(x), sigmoid(x))));
const powers = fused((x: Tensor, y: Tensor, exponent: Scalar) => add(pow(x, exponent), maximum(pow(x, y), 0.1)));
const chain = fused((x: Tensor) => log1p(exp(sin(div(1, add(square(x), 1))))));

/** Adam's formula: the step, from the mean of gradients, the mean of their squares, and a gradient. */
const adam = fused((m: Tensor, v: Tensor, grad: Tensor) => {
  const mean = add(mul(m, 0.9), mul(grad, 0.1));
  const squares = add(mul(v, 0.999), mul(square(grad), 0.001));
  return div(mean, add(sqrt(squares), 1e-3));
});

export const fusedCases: OpCases = {
  fused: [
    gradientCase('fused GELU', [away(3, 4)], (x) => gelu(x)),
    gradientCase('fused formula of a user', [away(3, 4), away(4), away(3, 1)], (x, bias, scale) => users(x, bias, scale, cell(0.3))),
    gradientCase('fused formula whose first tensor is stretched', [away(4), away(3, 4)], (x, y) => pieces(x, y)),
    gradientCase('fused formula op by op', [away(3, 1), away(1, 4)], (x, y) => pieces(x, y)),
    gradientCase('fused formula of several results', [away(3, 4), away(4)], (x, y) => {
      const { product, root, same } = several(x, y);
      return add(mul(product, root), same);
    }),
    gradientCase('one of several results of a fused formula', [away(3, 4), away(4)], (x, y) => several(x, y).root),
    gradientCase('fused formula in a fused formula', [away(7)], (x) => nested(x)),
    gradientCase('fused powers', [positive(5), positive(5)], (x, y) => powers(x, y, 2.5)),
    gradientCase('fused chain', [spaced(6)], (x) => chain(x)),
    gradientCase('fused Adam', [away(3, 2), positive(3, 2), away(3, 2)], (m, v, grad) => adam(m, v, grad)),
    gradientCase('fused formula of lists', [away(3, 2), away(4), away()], (a, b, scale) => {
      const [p, q] = pieces([a, b], scale);
      return add(sum(square(p!)), sum(q!));
    }),
  ],
};
