// One step with each output alone, and two steps in a row.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { lstmCell } from './lstm-cell.ts';

export const lstmCellCases: OpCases = {
  lstmCell: [
    gradientCase('h of lstmCell', [away(2, 12), away(2, 3)], (gates, c) => lstmCell(gates, c).h),
    gradientCase('c of lstmCell', [away(2, 12), away(2, 3)], (gates, c) => lstmCell(gates, c).c),
    gradientCase('lstmCell twice', [away(2, 8), away(2, 8), away(2, 2)], (first, second, c) => {
      const one = lstmCell(first, c);
      const two = lstmCell(second, one.c);
      return two.h.mul(one.h).add(two.c);
    }),
  ],
};
