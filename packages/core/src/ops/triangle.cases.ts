// Triangular parts.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { lowerTriangle, upperTriangle } from './triangle.ts';
import { square } from './unary.ts';

export const triangleCases: OpCases = {
  lowerTriangle: [gradientCase('lowerTriangle', [away(2, 3, 4)], (x) => square(lowerTriangle(x, 1)))],
  upperTriangle: [gradientCase('upperTriangle', [away(4, 3)], (x) => square(upperTriangle(x)))],
};
