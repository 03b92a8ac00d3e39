// Quantiles: their gradient goes to the neighbours between which they lie.

import type { OpCases } from '../cases/gradient-case.ts';
import { gradientCase, spaced, variants } from '../cases/gradient-case.ts';
import { median, quantile } from './quantile.ts';

export const quantileCases: OpCases = {
  quantile: variants(
    [0, 0.3, 1],
    (q) => `quantile ${q}`,
    [spaced(2, 5, 2)],
    (q) => (x) => quantile(x, q, { axis: [0, 1] }),
  ),
  median: [gradientCase('median', [spaced(3, 4)], (x) => median(x, { axis: 1, keepDims: true }))],
};
