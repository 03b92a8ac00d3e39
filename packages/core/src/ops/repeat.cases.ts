// Copies of elements and of tensors: their gradients add up.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { repeat, tile } from './repeat.ts';
import { square } from './unary.ts';

export const repeatCases: OpCases = {
  repeat: [
    gradientCase('repeat', [away(2, 3)], (x) => square(repeat(x, 2, 1))),
    gradientCase('repeat with a count for each', [away(3, 2)], (x) => square(repeat(x, [2, 0, 3]))),
  ],
  tile: [
    gradientCase('tile', [away(2, 3)], (x) => square(tile(x, [2, 1, 3]))),
    gradientCase('tile of the last axis', [away(2, 3)], (x) => square(tile(x, 2))),
  ],
};
