// Dropout with a fixed key.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { dropout } from './dropout.ts';

export const dropoutCases: OpCases = {
  dropout: [gradientCase('dropout', [away(6, 7)], (x) => dropout(x, 0.4, 5))],
};
