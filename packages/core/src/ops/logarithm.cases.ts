// Logarithms to other bases, and sums by logarithms.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, positive } from '../cases/gradient-case.ts';
import { log10, log2, logAddExp } from './logarithm.ts';

export const logarithmCases: OpCases = {
  log2: [gradientCase('log2', [positive(3, 4)], (x) => log2(x))],
  log10: [gradientCase('log10', [positive(3, 4)], (x) => log10(x))],
  logAddExp: [
    gradientCase('logAddExp', [away(3, 4), away(4)], (a, b) => logAddExp(a, b)),
    gradientCase('logAddExp of equal numbers', [away(5)], (x) => logAddExp(x, x)),
  ],
};
