// Axes in another order.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, variants } from '../cases/gradient-case.ts';
import { moveAxis, swapAxes, transpose } from './transpose.ts';
import { square } from './unary.ts';

export const transposeCases: OpCases = {
  transpose: [
    ...variants(
      [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]], // prettier-ignore
      (order) => `transpose [${order.join(',')}]`,
      [away(2, 3, 4)],
      (order) => (x) => square(transpose(x, order)),
    ),
  ],
  moveAxis: [gradientCase('moveAxis', [away(2, 3, 4)], (x) => square(moveAxis(x, 0, -1)))],
  swapAxes: [gradientCase('swapAxes', [away(2, 3, 4)], (x) => square(swapAxes(x, 0, -1)))],
};
