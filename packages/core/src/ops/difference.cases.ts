// Differences and mixtures of two tensors.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { lerp, squaredDifference } from './difference.ts';

export const differenceCases: OpCases = {
  squaredDifference: [gradientCase('squaredDifference', [away(3, 4), away(4)], (a, b) => squaredDifference(a, b))],
  lerp: [gradientCase('lerp', [away(3, 4), away(4), away(3, 1)], (a, b, t) => lerp(a, b, t))],
};
