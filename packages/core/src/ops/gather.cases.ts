// Reading values by index, and adding values at indices.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { tensor } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gather, scatterAdd, takeAlong } from './gather.ts';
import { square } from './unary.ts';

const indices = (...values: number[]): Tensor => tensor(values, { dtype: 'int32' });

export const gatherCases: OpCases = {
  gather: [
    gradientCase('gather', [away(4, 3)], (x) => square(gather(x, indices(1, 1, 3, 0)))),
    gradientCase('gather over axis 1', [away(2, 4, 2)], (x) => square(gather(x, indices(3, 0, 3).reshape([3, 1]), 1))),
  ],
  scatterAdd: [
    gradientCase('scatterAdd', [away(4, 2), away(3, 2)], (x, updates) => square(scatterAdd(x, indices(1, 1, 3), updates))),
    gradientCase('scatterAdd over axis 1', [away(2, 4), away(2, 3)], (x, updates) => square(scatterAdd(x, indices(2, 2, -1), updates, 1))),
  ],
  takeAlong: [
    gradientCase('takeAlong', [away(2, 4)], (x) => square(takeAlong(x, indices(1, 1, 3, 0, 2, 0).reshape([2, 3])))),
    gradientCase('takeAlong axis 0', [away(4, 2)], (x) => square(takeAlong(x, indices(1, 0, 1, 2, 3, 0).reshape([3, 2]), 0))),
  ],
};
