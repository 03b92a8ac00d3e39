// Values put at indices, and added there: what is replaced has no gradient.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { tensor } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { putAlong, scatter, scatterAddAlong } from './put.ts';
import { square } from './unary.ts';

const indices = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor =>
  tensor([...values], { dtype: 'int32', shape });

export const putCases: OpCases = {
  scatter: [
    gradientCase('scatter', [away(4, 2), away(3, 2)], (x, updates) => square(scatter(x, indices([1, 3, 1]), updates))),
    gradientCase('scatter over axis 1', [away(2, 4), away(2, 2, 2)], (x, updates) =>
      square(scatter(x, indices([2, 9, 0, 2], [2, 2]), updates, 1)),
    ),
  ],
  putAlong: [
    gradientCase('putAlong', [away(2, 4), away(2, 3)], (x, updates) => square(putAlong(x, indices([1, 0, 1, 3, -1, 2], [2, 3]), updates))),
    gradientCase('putAlong over axis 0', [away(4, 2), away(2, 2)], (x, updates) =>
      square(putAlong(x, indices([0, 3, 2, 3], [2, 2]), updates, 0)),
    ),
  ],
  scatterAddAlong: [
    gradientCase('scatterAddAlong', [away(2, 4), away(2, 3)], (x, updates) =>
      square(scatterAddAlong(x, indices([1, 0, 1, 3, -1, 2], [2, 3]), updates)),
    ),
    gradientCase('scatterAddAlong over axis 0', [away(4, 2), away(2, 2)], (x, updates) =>
      square(scatterAddAlong(x, indices([0, 3, 0, 3], [2, 2]), updates, 0)),
    ),
  ],
};
