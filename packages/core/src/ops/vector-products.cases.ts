// Outer and cross products.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { cross, outer } from './vector-products.ts';

export const vectorProductCases: OpCases = {
  outer: [gradientCase('outer', [away(3), away(2, 2)], (a, b) => outer(a, b))],
  cross: [
    gradientCase('cross', [away(2, 3), away(3)], (a, b) => cross(a, b)),
    gradientCase('cross over axis 0', [away(3, 2), away(3, 1)], (a, b) => cross(a, b, 0)),
  ],
};
