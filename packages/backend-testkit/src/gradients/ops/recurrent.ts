// Cells of recurrent networks: each output alone, all together, and two steps in a row.

import { gruCell, lstmCell } from '@sinapse/core';
import type { GradientCase } from './gradient-case.ts';
import { away, gradientCase } from './gradient-case.ts';

export const recurrentGradients: readonly GradientCase[] = [
  gradientCase('h of lstmCell', [away(2, 12), away(2, 3)], (gates, c) => lstmCell(gates, c).h),
  gradientCase('c of lstmCell', [away(2, 12), away(2, 3)], (gates, c) => lstmCell(gates, c).c),
  gradientCase('lstmCell twice', [away(2, 8), away(2, 8), away(2, 2)], (first, second, c) => {
    const one = lstmCell(first, c);
    const two = lstmCell(second, one.c);
    return two.h.mul(one.h).add(two.c);
  }),
  gradientCase('gruCell', [away(2, 9), away(2, 9), away(2, 3)], (x, hidden, h) => gruCell(x, hidden, h)),
  gradientCase('gruCell twice', [away(2, 6), away(2, 6), away(2, 2)], (x, hidden, h) => gruCell(x, hidden, gruCell(x, hidden, h))),
];
