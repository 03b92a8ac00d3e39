// Convolution of sequences.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, variants } from '../cases/gradient-case.ts';
import type { Shape } from '../contract/shape.ts';
import type { Conv1dOptions } from './conv1d.ts';
import { conv1d } from './conv1d.ts';

interface Convolution extends Conv1dOptions {
  readonly x: Shape;
  readonly filter: Shape;
}

const CONVOLUTIONS: readonly Convolution[] = [
  { x: [2, 6, 2], filter: [3, 2, 3] },
  { x: [1, 7, 4], filter: [3, 2, 2], groups: 2, strides: 2, padding: 'same' },
  { x: [1, 6, 1], filter: [3, 1, 2], dilation: 2, padding: 'causal' },
  { x: [1, 5, 2], filter: [2, 2, 1], padding: [1, 2], activation: 'tanh' },
];

export const conv1dCases: OpCases = {
  conv1d: [
    ...variants(
      CONVOLUTIONS,
      (convolution) => `conv1d ${JSON.stringify(convolution)}`,
      ({ x, filter }) => [away(...x), away(...filter)],
      ({ x: _, filter: __, ...options }) =>
        (x, filter) =>
          conv1d(x, filter, options),
    ),
    gradientCase(
      'conv1d sigmoid with bias and residual',
      [away(2, 5, 2), away(3, 2, 3), away(3), away(2, 3, 3)],
      (x, filter, bias, residual) => conv1d(x, filter, { activation: 'sigmoid', bias, residual }),
    ),
  ],
};
