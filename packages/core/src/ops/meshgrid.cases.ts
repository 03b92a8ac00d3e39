// Coordinates of grids.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { mul } from './arithmetic.ts';
import { meshgrid } from './meshgrid.ts';

export const meshgridCases: OpCases = {
  meshgrid: [
    gradientCase('meshgrid', [away(2), away(3)], (a, b) => {
      const [x, y] = meshgrid([a, b]);
      return mul(x!, y!);
    }),
  ],
};
