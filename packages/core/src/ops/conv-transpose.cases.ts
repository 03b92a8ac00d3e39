// Transposed convolutions.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { convTranspose1d, convTranspose2d, convTranspose3d } from './conv-transpose.ts';

export const convTransposeCases: OpCases = {
  convTranspose1d: [
    gradientCase('convTranspose1d', [away(2, 4, 2), away(3, 1, 2)], (x, filter) => convTranspose1d(x, filter, { strides: 2, padding: 1 })),
    gradientCase('convTranspose1d with groups, dilation and bias', [away(1, 3, 4), away(2, 1, 4), away(2)], (x, filter, bias) =>
      convTranspose1d(x, filter, { strides: 3, outputPadding: 2, groups: 2, dilation: 2, bias }),
    ),
  ],
  convTranspose2d: [
    gradientCase('convTranspose2d', [away(1, 3, 2, 2), away(3, 2, 1, 2)], (x, filter) =>
      convTranspose2d(x, filter, { strides: 2, padding: 'same' }),
    ),
    gradientCase('convTranspose2d tanh with groups, dilation and bias', [away(1, 2, 3, 2), away(2, 2, 1, 2), away(2)], (x, filter, bias) =>
      convTranspose2d(x, filter, { strides: [2, 1], outputPadding: [1, 0], groups: 2, dilation: 2, padding: 1, bias, activation: 'tanh' }),
    ),
  ],
  convTranspose3d: [
    gradientCase('convTranspose3d', [away(1, 2, 3, 2, 1), away(2, 2, 3, 2, 1)], (x, filter) => convTranspose3d(x, filter, { strides: 2 })),
    gradientCase(
      'convTranspose3d with groups, dilation and bias',
      [away(1, 3, 2, 2, 2), away(2, 1, 2, 1, 2), away(2)],
      (x, filter, bias) =>
      convTranspose3d(x, filter, { strides: [2, 1, 2], outputPadding: [1, 0, 1], groups: 2, dilation: [2, 1, 1], padding: [[1, 1], [0, 0], [0, 1]], bias }), // prettier-ignore
    ),
  ],
};
