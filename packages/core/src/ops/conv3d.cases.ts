// Convolution of volumes.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, variants } from '../cases/gradient-case.ts';
import type { Shape } from '../contract/shape.ts';
import { conv3d } from './conv3d.ts';
import type { ConvOptions } from './convolution.ts';

interface Convolution extends ConvOptions<3> {
  readonly x: Shape;
  readonly filter: Shape;
}

const CONVOLUTIONS: readonly Convolution[] = [
  { x: [2, 3, 3, 2, 1], filter: [2, 2, 2, 1, 2] },
  { x: [1, 4, 3, 4, 2], filter: [3, 2, 3, 1, 2], groups: 2, strides: [2, 1, 2], padding: 'same' },
  { x: [1, 5, 2, 3, 1], filter: [2, 1, 2, 1, 1], dilation: [3, 1, 2], padding: [[1, 0], [0, 1], [1, 0]], activation: 'tanh' }, // prettier-ignore
];

export const conv3dCases: OpCases = {
  conv3d: [
    ...variants(
      CONVOLUTIONS,
      (convolution) => `conv3d ${JSON.stringify(convolution)}`,
      ({ x, filter }) => [away(...x), away(...filter)],
      ({ x: _, filter: __, ...options }) =>
        (x, filter) =>
          conv3d(x, filter, options),
    ),
    gradientCase(
      'conv3d sigmoid with bias and residual',
      [away(1, 3, 2, 2, 2), away(2, 2, 1, 2, 2), away(2), away(1, 2, 1, 2, 2)],
      (x, filter, bias, residual) => conv3d(x, filter, { activation: 'sigmoid', bias, residual }),
    ),
  ],
};
