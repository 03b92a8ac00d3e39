// Element-wise ops and activations.

import {
  abs, add, biasActivation, broadcastTo, cast, clip, cos, customGradient, div, dropout, elu, erf, exp, expm1, gelu, greater, leakyRelu, log, log1p, maximum, maxout, minimum,
  mod, mul, neg, pow, reciprocal, relu, rsqrt, selu, sigmoid, sin, softplus, softsign, sqrt, square, stopGradient, sub, swish, tanh, where,
} from '@sinapse/core'; // prettier-ignore
import type { Activation, Tensor } from '@sinapse/core';
import type { GradientCase } from './gradient-case.ts';
import { away, gradientCase, positive, spaced, variants, within } from './gradient-case.ts';

const UNARY: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  neg, abs, exp, expm1, sin, cos, tanh, sigmoid, erf, square, reciprocal,
  relu, selu, softplus, softsign, gelu, swish,
}; // prettier-ignore
const OF_POSITIVES: Readonly<Record<string, (x: Tensor) => Tensor>> = { log, log1p, sqrt, rsqrt };
const BINARY: Readonly<Record<string, (a: Tensor | number, b: Tensor | number) => Tensor>> = { add, sub, mul, div, mod, maximum, minimum };

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'elu', 'sigmoid', 'tanh'];

/** Quotients well between whole numbers, so that `mod` has a gradient. */
const DIVIDENDS = within([2, 3], 0.6, 0.9);
const DIVISORS = within([3], 0.4, 0.5);

export const elementwiseGradients: readonly GradientCase[] = [
  ...variants(Object.keys(UNARY), (name) => name, [away(3, 4)], (name) => UNARY[name]!), // prettier-ignore
  ...variants(Object.keys(OF_POSITIVES), (name) => name, [positive(3, 4)], (name) => OF_POSITIVES[name]!),
  ...variants(
    Object.keys(BINARY),
    (name) => `${name} [2,3], [3]`,
    (name) => (name === 'mod' ? [DIVIDENDS, DIVISORS] : [away(2, 3), positive(3)]),
    (name) => (a, b) => BINARY[name]!(a, b),
  ),
  ...variants(
    ['add', 'sub', 'mul', 'div', 'maximum', 'minimum'],
    (name) => `${name} [2,1,3], [4,1]`,
    [away(2, 1, 3), positive(4, 1)],
    (name) => (a, b) => BINARY[name]!(a, b),
  ),
  ...variants(Object.keys(BINARY), (name) => `${name} x, 0.45`, (name) => [name === 'mod' ? DIVIDENDS : spaced(5)], (name) => (x) => BINARY[name]!(x, 0.45)), // prettier-ignore
  ...variants(Object.keys(BINARY), (name) => `${name} 0.75, x`, (name) => [name === 'mod' ? DIVISORS : spaced(5)], (name) => (x) => BINARY[name]!(0.75, x)), // prettier-ignore
  gradientCase('mul of a tensor with itself', [away(5)], (x) => mul(x, x)),
  gradientCase('pow [2,3], [3]', [positive(2, 3), away(3)], (a, b) => pow(a, b)),
  ...variants([3, 2, 1, 0, -0.5, 2.5], (b) => `pow x, ${b}`, [positive(5)], (b) => (x) => pow(x, b)),
  gradientCase('pow of negatives, 3', [away(5)], (x) => pow(x, 3)),
  gradientCase('pow 1.7, x', [away(5)], (x) => pow(1.7, x)),
  gradientCase('leakyRelu', [away(7)], (x) => leakyRelu(x, 0.2)),
  gradientCase('elu', [away(7)], (x) => elu(x, 1.3)),
  gradientCase('maxout', [spaced(2, 6)], (x) => maxout(x, 3)),
  ...variants(
    ACTIVATIONS,
    (activation) => `biasActivation ${activation}`,
    [away(3, 4), within([4], -0.2, 0.2)],
    (activation) => (x, bias) => biasActivation(x, bias, { activation, ...(activation === 'elu' || activation === 'leakyRelu' ? { alpha: 0.3 } : {}) }),
  ),
  gradientCase('clip', [spaced(9)], (x) => clip(x, -0.4, 0.4)),
  gradientCase('where', [away(3, 4), away(4), away(3, 1)], (x, a, b) => where(greater(x, 0), a, b)),
  gradientCase('where with a number', [away(3, 4)], (x) => where(greater(x, 0), x, 2)),
  gradientCase('cast to the same dtype', [away(3)], (x) => cast(x, 'float32')),
  gradientCase('broadcastTo', [away(3, 1)], (x) => broadcastTo(x, [2, 3, 4])),
  gradientCase('dropout', [away(6, 7)], (x) => dropout(x, 0.4, 5)),
  gradientCase('stopGradient', [away(5)], (x) => mul(x, add(stopGradient(mul(x, 0)), 2))),
  gradientCase('customGradient', [away(5)], (x) => customGradient((y) => ({ value: mul(y, exp(y)), gradient: (dy) => [mul(dy, mul(exp(y), add(y, 1)))] }))(x)),
]; // prettier-ignore
