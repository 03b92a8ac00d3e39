// One of two operands, by a condition.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { greater } from './comparison.ts';
import { where } from './select.ts';

export const selectCases: OpCases = {
  where: [
    gradientCase('where', [away(3, 4), away(4), away(3, 1)], (x, a, b) => where(greater(x, 0), a, b)),
    gradientCase('where with a number', [away(3, 4)], (x) => where(greater(x, 0), x, 2)),
  ],
};
