// The tangent and inverse trigonometric functions.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, positive, within } from '../cases/gradient-case.ts';
import { acos, asin, atan, atan2, tan } from './trigonometry.ts';

export const trigonometryCases: OpCases = {
  tan: [gradientCase('tan', [within([3, 4], -1.2, 1.2)], (x) => tan(x))],
  asin: [gradientCase('asin', [within([3, 4], -0.8, 0.8)], (x) => asin(x))],
  acos: [gradientCase('acos', [within([3, 4], -0.8, 0.8)], (x) => acos(x))],
  atan: [gradientCase('atan', [away(3, 4)], (x) => atan(x))],
  atan2: [
    gradientCase('atan2', [away(3, 4), away(3, 4)], (y, x) => atan2(y, x)),
    gradientCase('atan2 with broadcasting', [away(4, 1), positive(3)], (y, x) => atan2(y, x)),
  ],
};
