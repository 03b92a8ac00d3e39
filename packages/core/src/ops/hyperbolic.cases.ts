// Hyperbolic functions and their inverses.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, within } from '../cases/gradient-case.ts';
import { acosh, asinh, atanh, cosh, sinh } from './hyperbolic.ts';

export const hyperbolicCases: OpCases = {
  sinh: [gradientCase('sinh', [away(3, 4)], (x) => sinh(x))],
  cosh: [gradientCase('cosh', [away(3, 4)], (x) => cosh(x))],
  asinh: [gradientCase('asinh', [away(3, 4)], (x) => asinh(x))],
  acosh: [gradientCase('acosh', [within([3, 4], 1.3, 3)], (x) => acosh(x))],
  atanh: [gradientCase('atanh', [within([3, 4], -0.8, 0.8)], (x) => atanh(x))],
};
