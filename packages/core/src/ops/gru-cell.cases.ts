// One step of the cell, and two in a row.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { gruCell } from './gru-cell.ts';

export const gruCellCases: OpCases = {
  gruCell: [
    gradientCase('gruCell', [away(2, 9), away(2, 9), away(2, 3)], (x, hidden, h) => gruCell(x, hidden, h)),
    gradientCase('gruCell twice', [away(2, 6), away(2, 6), away(2, 2)], (x, hidden, h) => gruCell(x, hidden, gruCell(x, hidden, h))),
  ],
};
