// Running sums.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, variants } from '../cases/gradient-case.ts';
import { cumulativeSum } from './cumulative.ts';
import { square } from './unary.ts';

export const cumulativeCases: OpCases = {
  cumulativeSum: variants(
    [
      { axis: 0, exclusive: false, reverse: false },
      { axis: 1, exclusive: true, reverse: false },
      { axis: -1, exclusive: false, reverse: true },
      { axis: 1, exclusive: true, reverse: true },
    ],
    (options) => `cumulativeSum ${JSON.stringify(options)}`,
    [away(2, 3, 2)],
    (options) => (x) => cumulativeSum(square(x), options),
  ),
};
