// Gradient cases of `customGradient` and `stopGradient`.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { customGradient } from './gradient.ts';
import { stopGradient } from './stop.ts';
import { add, mul } from '../ops/arithmetic.ts';
import { exp } from '../ops/unary.ts';

export const customCases: OpCases = {
  stopGradient: [gradientCase('stopGradient', [away(5)], (x) => mul(x, add(stopGradient(mul(x, 0)), 2)))],
  customGradient: [
    gradientCase('customGradient', [away(5)], (x) =>
      customGradient((y) => ({ value: mul(y, exp(y)), gradient: (dy) => [mul(dy, mul(exp(y), add(y, 1)))] }))(x),
    ),
  ],
};
