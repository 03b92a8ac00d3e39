// Parts of a tensor: the gradient of each value goes back to the element that it came from.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, variants } from '../cases/gradient-case.ts';
import { flip, pad, slice, split } from './slice.ts';
import { square } from './unary.ts';

type Ranges = Parameters<typeof slice>[1];

const RANGES: readonly Ranges[] = [
  [{ begin: 1, end: 3 }],
  [2],
  [null, { begin: 1, step: 2 }],
  [null, { step: -1 }],
  [{ begin: -1, step: -2 }, null, { begin: 2, end: 0, step: -1 }],
  [null, 1, { end: -1 }],
  [{ begin: 3, end: 3 }],
];

export const sliceCases: OpCases = {
  slice: [
    ...variants(
      RANGES,
      (ranges) => `slice ${JSON.stringify(ranges)}`,
      [away(4, 5, 3)],
      (ranges) => (x) => square(slice(x, ranges)),
    ),
    gradientCase('slice of a slice', [away(6, 4)], (x) => square(x.slice([{ begin: 1, end: 5 }]).slice([{ begin: 1 }, { begin: 2 }]))),
  ],
  flip: [gradientCase('flip', [away(3, 4)], (x) => square(flip(x, 1)))],
  pad: [
    gradientCase('pad', [away(2, 3)], (x) => square(pad(x, [[1, 0], [2, 3]], 0.5))), // prettier-ignore
  ],
  split: [gradientCase('split', [away(5, 2)], (x) => square(split(x, [2, 3])[1]!))],
};
