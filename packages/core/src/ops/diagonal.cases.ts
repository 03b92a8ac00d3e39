// Diagonals.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, variants } from '../cases/gradient-case.ts';
import { diagonal, diagonalMatrix, trace } from './diagonal.ts';
import { square } from './unary.ts';

export const diagonalCases: OpCases = {
  diagonal: variants(
    [0, 2, -1],
    (offset) => `diagonal ${offset}`,
    [away(2, 3, 4)],
    (offset) => (x) => square(diagonal(x, offset)),
  ),
  diagonalMatrix: variants(
    [0, 1, -2],
    (offset) => `diagonalMatrix ${offset}`,
    [away(2, 3)],
    (offset) => (x) => square(diagonalMatrix(x, offset)),
  ),
  trace: [gradientCase('trace', [away(2, 3, 3)], (x) => square(trace(x)))],
};
