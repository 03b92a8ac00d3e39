// Matrix products, convolutions and pooling.

import { avgPool2d, conv2d, conv2dFilterGrad, conv2dInputGrad, dot, linear, matmul, maxPool2d } from '@sinapse/core';
import type { Activation, Conv2dOptions, Pool2dOptions, Shape } from '@sinapse/core';
import type { GradientCase } from './gradient-case.ts';
import { away, gradientCase, spaced, variants, within } from './gradient-case.ts';

interface Product {
  readonly a: Shape;
  readonly b: Shape;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const PRODUCTS: readonly Product[] = [
  { a: [2, 3], b: [3, 4] },
  { a: [3, 2], b: [3, 4], transposeA: true },
  { a: [2, 3], b: [4, 3], transposeB: true },
  { a: [3, 2], b: [4, 3], transposeA: true, transposeB: true },
  { a: [3], b: [3, 2] },
  { a: [2, 3], b: [3] },
  { a: [3], b: [3] },
  { a: [2, 2, 3], b: [2, 3, 2] },
  { a: [2, 2, 3], b: [3, 2] },
  { a: [2, 3], b: [2, 3, 2] },
  { a: [2, 1, 2, 3], b: [2, 3, 2] },
  { a: [2, 3, 2], b: [2, 2, 3], transposeA: true, transposeB: true },
  { a: [1, 3, 2], b: [2, 3, 2], transposeA: true },
  { a: [2, 2, 3], b: [1, 2, 3], transposeB: true },
];

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'elu', 'sigmoid', 'tanh'];

interface Convolution extends Conv2dOptions {
  readonly x: Shape;
  readonly filter: Shape;
}

const CONVOLUTIONS: readonly Convolution[] = [
  { x: [2, 4, 5, 2], filter: [3, 2, 2, 3] },
  { x: [1, 5, 5, 2], filter: [3, 3, 2, 2], padding: 'same' },
  { x: [1, 5, 6, 1], filter: [2, 3, 1, 2], strides: 2, padding: 'same' },
  { x: [1, 6, 5, 1], filter: [2, 2, 1, 2], strides: [1, 2], dilation: [2, 1], padding: [1, 0, 0, 2] },
  { x: [1, 4, 4, 4], filter: [3, 3, 2, 2], groups: 2, padding: 1 },
  { x: [1, 4, 4, 3], filter: [2, 2, 1, 6], groups: 3 },
];

const GEOMETRY = { strides: [2, 1], padding: [1, 0, 1, 1], dilation: [1, 2], groups: 1 } as const;

const POOLS: readonly Pool2dOptions[] = [
  {},
  { window: 3, strides: 1 },
  { window: [2, 3], strides: [2, 1], padding: 'same' },
  { window: 3, strides: 2, padding: 1 },
];

export const productGradients: readonly GradientCase[] = [
  ...variants(
    PRODUCTS,
    (product) => `matmul ${JSON.stringify(product)}`,
    ({ a, b }) => [away(...a), away(...b)],
    ({ transposeA = false, transposeB = false }) =>
      (a, b) =>
        matmul(a, b, { transposeA, transposeB }),
  ),
  gradientCase('matmul of a tensor with itself', [away(3, 3)], (x) => matmul(x, x)),
  gradientCase('dot', [away(5), away(5)], (a, b) => dot(a, b)),
  ...variants(
    ACTIVATIONS,
    (activation) => `linear ${activation}`,
    [away(4, 3), away(3, 2), away(2)],
    (activation) => (x, weight, bias) => linear(x, weight, bias, { activation }),
  ),
  gradientCase('linear without bias', [away(2, 2, 3), away(3, 2)], (x, weight) => linear(x, weight)),
  ...variants(
    CONVOLUTIONS,
    (convolution) => `conv2d ${JSON.stringify(convolution)}`,
    ({ x, filter }) => [away(...x), away(...filter)],
    ({ x: _, filter: __, ...options }) =>
      (x, filter) =>
        conv2d(x, filter, options),
  ),
  ...variants(
    ACTIVATIONS,
    (activation) => `conv2d ${activation} with bias`,
    [away(1, 4, 4, 2), away(2, 2, 2, 3), within([3], -0.1, 0.1)],
    (activation) => (x, filter, bias) => conv2d(x, filter, { activation, bias: bias, padding: 'same' }),
  ),
  ...variants(
    ['linear', 'relu', 'sigmoid'] as const,
    (activation) => `conv2d ${activation} with bias and residual`,
    [away(1, 4, 4, 2), away(2, 2, 2, 3), within([3], -0.1, 0.1), away(1, 3, 3, 3)],
    (activation) => (x, filter, bias, residual) => conv2d(x, filter, { activation, bias, residual }),
  ),
  gradientCase('conv2dInputGrad', [away(1, 3, 4, 2), away(2, 2, 2, 2)], (dy, filter) =>
    conv2dInputGrad(dy, filter, GEOMETRY, [1, 5, 4, 2]),
  ),
  gradientCase('conv2dFilterGrad', [away(1, 5, 4, 2), away(1, 3, 4, 2)], (x, dy) => conv2dFilterGrad(x, dy, GEOMETRY, [2, 2, 2, 2])),
  ...variants(
    POOLS,
    (options) => `maxPool2d ${JSON.stringify(options)}`,
    [spaced(1, 5, 5, 2)],
    (options) => (x) => maxPool2d(x, options),
  ),
  ...variants(
    POOLS,
    (options) => `avgPool2d ${JSON.stringify(options)}`,
    [away(1, 5, 5, 2)],
    (options) => (x) => avgPool2d(x, options),
  ),
  gradientCase('avgPool2d with padding counted', [away(1, 4, 4, 1)], (x) =>
    avgPool2d(x, { window: 3, strides: 2, padding: 1, includePadding: true }),
  ),
  gradientCase('square of maxPool2d', [spaced(1, 5, 5, 1)], (x) => maxPool2d(x, { window: 3, strides: 2 }).square()),
  gradientCase('square of avgPool2d', [away(1, 5, 5, 1)], (x) => avgPool2d(x, { window: 3, strides: 2 }).square()),
];
