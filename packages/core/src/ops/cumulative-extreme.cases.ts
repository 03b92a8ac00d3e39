// Running extremes: the gradient of each goes to the element that it is.

import type { OpCases } from '../cases/gradient-case.ts';
import { gradientCase, spaced } from '../cases/gradient-case.ts';
import { cumulativeMax, cumulativeMin } from './cumulative-extreme.ts';
import { square } from './unary.ts';

export const cumulativeExtremeCases: OpCases = {
  cumulativeMax: [
    gradientCase('cumulativeMax', [spaced(2, 7)], (x) => square(cumulativeMax(x).values)),
    gradientCase('cumulativeMax from the end over axis 0', [spaced(5, 2)], (x) =>
      square(cumulativeMax(x, { axis: 0, reverse: true }).values),
    ),
  ],
  cumulativeMin: [gradientCase('cumulativeMin', [spaced(2, 7)], (x) => square(cumulativeMin(x).values))],
};
