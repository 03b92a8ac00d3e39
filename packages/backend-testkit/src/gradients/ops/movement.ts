// Ops that move values: each way back puts every gradient where its value came from.

import {
  concat, expandDims, flatten, flip, gather, matrixTranspose, moveAxis, pad, reshape, scatterAdd, slice, split, square, squeeze, stack, tensor, transpose, unstack,
} from '@sinapse/core'; // prettier-ignore
import type { Tensor } from '@sinapse/core';
import type { GradientCase } from './gradient-case.ts';
import { away, gradientCase, variants } from './gradient-case.ts';

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

const places = (...values: number[]): Tensor => tensor(values, { dtype: 'int32' });

export const movementGradients: readonly GradientCase[] = [
  gradientCase('reshape', [away(3, 4)], (x) => square(reshape(x, [2, -1]))),
  gradientCase('flatten', [away(2, 3, 2)], (x) => square(flatten(x, 1))),
  gradientCase('expandDims and squeeze', [away(3, 2)], (x) => squeeze(square(expandDims(x, 1)))),
  ...variants(
    [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]], // prettier-ignore
    (order) => `transpose [${order.join(',')}]`,
    [away(2, 3, 4)],
    (order) => (x) => square(transpose(x, order)),
  ),
  gradientCase('moveAxis', [away(2, 3, 4)], (x) => square(moveAxis(x, 0, -1))),
  gradientCase('matrixTranspose', [away(2, 3, 4)], (x) => square(matrixTranspose(x))),
  ...variants(
    RANGES,
    (ranges) => `slice ${JSON.stringify(ranges)}`,
    [away(4, 5, 3)],
    (ranges) => (x) => square(slice(x, ranges)),
  ),
  gradientCase('slice of a slice', [away(6, 4)], (x) => square(x.slice([{ begin: 1, end: 5 }]).slice([{ begin: 1 }, { begin: 2 }]))),
  gradientCase('flip', [away(3, 4)], (x) => square(flip(x, 1))),
  gradientCase('pad', [away(2, 3)], (x) => square(pad(x, [[1, 0], [2, 3]], 0.5))), // prettier-ignore
  gradientCase('split', [away(5, 2)], (x) => square(split(x, [2, 3])[1]!)),
  gradientCase('concat', [away(2, 3), away(2, 1), away(2, 2)], (...xs) => square(concat(xs, 1))),
  gradientCase('concat of a tensor with itself', [away(2, 3)], (x) => square(concat([x, x]))),
  gradientCase('stack', [away(2, 3), away(2, 3)], (...xs) => square(stack(xs, 1))),
  gradientCase('unstack', [away(3, 2)], (x) => square(unstack(x)[1]!.mul(unstack(x, 0)[2]!))),
  gradientCase('gather', [away(4, 3)], (x) => square(gather(x, places(1, 1, 3, 0)))),
  gradientCase('gather over axis 1', [away(2, 4, 2)], (x) => square(gather(x, places(3, 0, 3).reshape([3, 1]), 1))),
  gradientCase('scatterAdd', [away(4, 2), away(3, 2)], (x, updates) => square(scatterAdd(x, places(1, 1, 3), updates))),
  gradientCase('scatterAdd over axis 1', [away(2, 4), away(2, 3)], (x, updates) => square(scatterAdd(x, places(2, 2, -1), updates, 1))),
];
