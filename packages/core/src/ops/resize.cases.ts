// Resizing.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { resize } from './resize.ts';

export const resizeCases: OpCases = {
  resize: [
    gradientCase('resize, nearest', [away(1, 3, 4, 2)], (x) => resize(x, [6, 3])),
    gradientCase('resize, nearest, to no multiple', [away(1, 3, 2)], (x) => resize(x, [5])),
    gradientCase('resize, linear', [away(1, 3, 4, 2)], (x) => resize(x, [5, 3], { method: 'linear' })),
    gradientCase('resize, linear with corners aligned', [away(1, 3, 4, 1)], (x) =>
      resize(x, [4, 1], { method: 'linear', alignCorners: true }),
    ),
    gradientCase('resize of volumes, linear', [away(1, 2, 2, 3, 1)], (x) => resize(x, [3, 4, 2], { method: 'linear' })),
  ],
};
