// Pooling to a given size.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, spaced } from '../cases/gradient-case.ts';
import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from './adaptive-pool.ts';

export const adaptivePoolCases: OpCases = {
  adaptiveAvgPool1d: [gradientCase('adaptiveAvgPool1d', [away(2, 7, 2)], (x) => adaptiveAvgPool1d(x, 3))],
  adaptiveAvgPool2d: [
    gradientCase('adaptiveAvgPool2d', [away(1, 5, 4, 2)], (x) => adaptiveAvgPool2d(x, [3, 2])),
    gradientCase('adaptiveAvgPool2d to a larger size', [away(1, 2, 3, 1)], (x) => adaptiveAvgPool2d(x, [3, 5])),
  ],
  adaptiveAvgPool3d: [gradientCase('adaptiveAvgPool3d', [away(1, 3, 4, 2, 1)], (x) => adaptiveAvgPool3d(x, [2, 3, 1]))],
  adaptiveMaxPool1d: [gradientCase('adaptiveMaxPool1d', [spaced(1, 7, 2)], (x) => adaptiveMaxPool1d(x, 3))],
  adaptiveMaxPool2d: [gradientCase('adaptiveMaxPool2d', [spaced(1, 5, 4, 1)], (x) => adaptiveMaxPool2d(x, [3, 2]))],
  adaptiveMaxPool3d: [gradientCase('adaptiveMaxPool3d', [spaced(1, 3, 4, 2, 1)], (x) => adaptiveMaxPool3d(x, 2))],
};
