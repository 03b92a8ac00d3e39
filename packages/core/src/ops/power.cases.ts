// Powers, and clipping to bounds.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, positive, spaced, variants } from '../cases/gradient-case.ts';
import { clip, pow } from './power.ts';

export const powerCases: OpCases = {
  pow: [
    gradientCase('pow [2,3], [3]', [positive(2, 3), away(3)], (a, b) => pow(a, b)),
    ...variants(
      [3, 2, 1, 0, -0.5, 2.5],
      (b) => `pow x, ${b}`,
      [positive(5)],
      (b) => (x) => pow(x, b),
    ),
    gradientCase('pow of negatives, 3', [away(5)], (x) => pow(x, 3)),
    gradientCase('pow 1.7, x', [away(5)], (x) => pow(1.7, x)),
  ],
  clip: [gradientCase('clip', [spaced(9)], (x) => clip(x, -0.4, 0.4))],
};
