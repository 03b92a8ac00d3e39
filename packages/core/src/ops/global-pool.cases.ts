// Pooling over the whole space.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, spaced } from '../cases/gradient-case.ts';
import { globalAvgPool1d, globalAvgPool2d, globalAvgPool3d, globalMaxPool1d, globalMaxPool2d, globalMaxPool3d } from './global-pool.ts';

export const globalPoolCases: OpCases = {
  globalAvgPool1d: [gradientCase('globalAvgPool1d', [away(2, 4, 3)], (x) => globalAvgPool1d(x))],
  globalAvgPool2d: [gradientCase('globalAvgPool2d', [away(2, 3, 2, 3)], (x) => globalAvgPool2d(x))],
  globalAvgPool3d: [gradientCase('globalAvgPool3d', [away(2, 2, 3, 2, 2)], (x) => globalAvgPool3d(x))],
  globalMaxPool1d: [gradientCase('globalMaxPool1d', [spaced(2, 4, 3)], (x) => globalMaxPool1d(x))],
  globalMaxPool2d: [gradientCase('globalMaxPool2d', [spaced(2, 3, 2, 3)], (x) => globalMaxPool2d(x))],
  globalMaxPool3d: [gradientCase('globalMaxPool3d', [spaced(2, 2, 3, 2, 2)], (x) => globalMaxPool3d(x))],
};
