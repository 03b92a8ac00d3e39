// Pooling of sequences.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, spaced } from '../cases/gradient-case.ts';
import { avgPool1d, maxPool1d } from './pool1d.ts';

export const pool1dCases: OpCases = {
  maxPool1d: [
    gradientCase('maxPool1d', [spaced(2, 6, 2)], (x) => maxPool1d(x)),
    gradientCase('maxPool1d, overlapping', [spaced(1, 7, 2)], (x) => maxPool1d(x, { window: 3, strides: 2, padding: [1, 0] })),
  ],
  avgPool1d: [
    gradientCase('avgPool1d', [away(2, 6, 2)], (x) => avgPool1d(x, { window: 3, strides: 1, padding: 'same' })),
    gradientCase('avgPool1d with padding counted', [away(1, 5, 2)], (x) =>
      avgPool1d(x, { window: 3, strides: 2, padding: 1, includePadding: true }),
    ),
  ],
};
