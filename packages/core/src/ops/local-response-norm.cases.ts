// Local response normalisation.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { localResponseNorm } from './local-response-norm.ts';

export const localResponseNormCases: OpCases = {
  localResponseNorm: [
    gradientCase('localResponseNorm', [away(1, 2, 2, 7)], (x) => localResponseNorm(x)),
    gradientCase('localResponseNorm of few channels', [away(3, 2)], (x) => localResponseNorm(x, { size: 3, alpha: 0.5, beta: 1.25, k: 1 })),
  ],
};
