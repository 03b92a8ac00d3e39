// Sums of weights by bin.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { tensor } from '../tensor/creation.ts';
import { binCount } from './histogram.ts';
import { square } from './unary.ts';

export const histogramCases: OpCases = {
  binCount: [
    gradientCase('binCount with weights', [away(5)], (weights) =>
      square(binCount(tensor([1, 0, 1, 7, 2], { dtype: 'int32' }), { length: 4, weights })),
    ),
  ],
};
