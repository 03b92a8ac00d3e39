// Conversion between dtypes.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { cast } from './cast.ts';

export const castCases: OpCases = {
  cast: [gradientCase('cast to the same dtype', [away(3)], (x) => cast(x, 'float32'))],
};
