// Pooling.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, spaced, variants } from '../cases/gradient-case.ts';
import type { Pool2dOptions } from './pool2d.ts';
import { avgPool2d, maxPool2d } from './pool2d.ts';

const POOLS: readonly Pool2dOptions[] = [
  {},
  { window: 3, strides: 1 },
  { window: [2, 3], strides: [2, 1], padding: 'same' },
  { window: 3, strides: 2, padding: 1 },
];

export const pool2dCases: OpCases = {
  maxPool2d: [
    ...variants(
      POOLS,
      (options) => `maxPool2d ${JSON.stringify(options)}`,
      [spaced(1, 5, 5, 2)],
      (options) => (x) => maxPool2d(x, options),
    ),
    gradientCase('square of maxPool2d', [spaced(1, 5, 5, 1)], (x) => maxPool2d(x, { window: 3, strides: 2 }).square()),
  ],
  avgPool2d: [
    ...variants(
      POOLS,
      (options) => `avgPool2d ${JSON.stringify(options)}`,
      [away(1, 5, 5, 2)],
      (options) => (x) => avgPool2d(x, options),
    ),
    gradientCase('avgPool2d with padding counted', [away(1, 4, 4, 1)], (x) =>
      avgPool2d(x, { window: 3, strides: 2, padding: 1, includePadding: true }),
    ),
    gradientCase('square of avgPool2d', [away(1, 5, 5, 1)], (x) => avgPool2d(x, { window: 3, strides: 2 }).square()),
  ],
};
