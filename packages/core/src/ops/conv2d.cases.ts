// Convolution and its two gradients, which are ops too.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, variants, within } from '../cases/gradient-case.ts';
import type { Activation } from '../contract/kernels.ts';
import type { Shape } from '../contract/shape.ts';
import type { Conv2dOptions } from './conv2d.ts';
import { conv2d, conv2dFilterGrad, conv2dInputGrad } from './conv2d.ts';

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'sigmoid', 'sigmoid', 'tanh'];

interface Convolution extends Conv2dOptions {
  readonly x: Shape;
  readonly filter: Shape;
}

const CONVOLUTIONS: readonly Convolution[] = [
  { x: [2, 4, 5, 2], filter: [3, 2, 2, 3] },
  { x: [1, 5, 5, 2], filter: [3, 3, 2, 2], padding: 'same' },
  { x: [1, 5, 6, 1], filter: [2, 3, 1, 2], strides: 2, padding: 'same' },
  {
    x: [1, 6, 5, 1],
    filter: [2, 2, 1, 2],
    strides: [1, 2],
    dilation: [2, 1],
    padding: [
      [1, 0],
      [0, 2],
    ],
  },
  { x: [1, 4, 4, 4], filter: [3, 3, 2, 2], groups: 2, padding: 1 },
  { x: [1, 4, 4, 3], filter: [2, 2, 1, 6], groups: 3 },
];

const GEOMETRY = {
  strides: [2, 1],
  padding: [
    [1, 0],
    [1, 1],
  ],
  dilation: [1, 2],
  groups: 1,
} as const;

export const conv2dCases: OpCases = {
  conv2d: [
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
  ],
  conv2dInputGrad: [
    gradientCase('conv2dInputGrad', [away(1, 3, 4, 2), away(2, 2, 2, 2)], (dy, filter) =>
      conv2dInputGrad(dy, filter, [1, 5, 4, 2], GEOMETRY),
    ),
  ],
  conv2dFilterGrad: [
    gradientCase('conv2dFilterGrad', [away(1, 5, 4, 2), away(1, 3, 4, 2)], (x, dy) => conv2dFilterGrad(x, dy, [2, 2, 2, 2], GEOMETRY)),
  ],
};
