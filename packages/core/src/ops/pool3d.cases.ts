// Pooling of volumes.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, spaced } from '../cases/gradient-case.ts';
import { avgPool3d, maxPool3d } from './pool3d.ts';

export const pool3dCases: OpCases = {
  maxPool3d: [
    gradientCase('maxPool3d', [spaced(1, 4, 2, 4, 1)], (x) => maxPool3d(x)),
    gradientCase('maxPool3d, overlapping', [spaced(1, 3, 4, 3, 1)], (x) => maxPool3d(x, { window: 3, strides: [1, 2, 2], padding: 1 })),
  ],
  avgPool3d: [
    gradientCase('avgPool3d', [away(1, 3, 4, 3, 2)], (x) => avgPool3d(x, { window: [2, 3, 2], strides: 1, padding: 'same' })),
    gradientCase('avgPool3d with padding counted', [away(1, 3, 2, 3, 1)], (x) =>
      avgPool3d(x, { window: 2, padding: 1, includePadding: true }),
    ),
  ],
};
