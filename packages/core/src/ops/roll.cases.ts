// Elements moved round their axis.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { roll } from './roll.ts';
import { square } from './unary.ts';

export const rollCases: OpCases = {
  roll: [
    gradientCase('roll', [away(2, 3)], (x) => square(roll(x, 2))),
    gradientCase('roll over two axes', [away(2, 3)], (x) => square(roll(x, [1, -2], [0, 1]))),
  ],
};
