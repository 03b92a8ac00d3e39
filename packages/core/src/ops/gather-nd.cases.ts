// Slices picked and added by indices of several axes.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { tensor } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gatherND, scatterND } from './gather-nd.ts';
import { square } from './unary.ts';

const indices = (...rows: number[][]): Tensor => tensor(rows, { dtype: 'int32' });

export const gatherNDCases: OpCases = {
  gatherND: [gradientCase('gatherND', [away(3, 2, 2)], (x) => square(gatherND(x, indices([2, 0], [0, 1], [2, 0]))))],
  scatterND: [
    gradientCase('scatterND', [away(4, 2)], (updates) => square(scatterND(indices([2, 0], [0, 1], [2, 0], [3, 0]), updates, [3, 2, 2]))),
  ],
};
