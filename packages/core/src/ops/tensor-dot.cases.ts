// Products summed over several axes.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { tensorDot } from './tensor-dot.ts';

export const tensorDotCases: OpCases = {
  tensorDot: [
    gradientCase('tensorDot', [away(2, 3, 4), away(3, 4, 2)], (a, b) => tensorDot(a, b)),
    gradientCase('tensorDot of named axes', [away(2, 3, 4), away(4, 2)], (a, b) => tensorDot(a, b, [[0, -1], [1, 0]])), // prettier-ignore
  ],
};
