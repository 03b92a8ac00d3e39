// Sorting along an axis: the gradient of each value goes back to the element that it came from.

import type { OpCases } from '../cases/gradient-case.ts';
import { gradientCase, spaced } from '../cases/gradient-case.ts';
import { sort, topK } from './sort.ts';
import { square } from './unary.ts';

export const sortCases: OpCases = {
  sort: [
    gradientCase('sort', [spaced(3, 5)], (x) => square(sort(x).values)),
    gradientCase('sort descending over axis 0', [spaced(5, 2)], (x) => square(sort(x, { axis: 0, descending: true }).values)),
  ],
  topK: [
    gradientCase('topK', [spaced(2, 6)], (x) => square(topK(x, 3).values)),
    gradientCase('topK over axis 0', [spaced(6, 2)], (x) => square(topK(x, 3, { axis: 0 }).values)),
  ],
};
