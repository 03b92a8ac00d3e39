// Softmax and its logarithm, over the last axis and over others.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, variants } from '../cases/gradient-case.ts';
import { logSoftmax, logSumExp, softmax } from './softmax.ts';

export const softmaxCases: OpCases = {
  softmax: variants(
    [-1, 0, 1, [0, -1]],
    (axis) => `softmax axis ${String(axis)}`,
    [away(2, 3, 4)],
    (axis) => (x) => softmax(x, { axis }),
  ),
  logSoftmax: variants(
    [-1, 0, [0, 1]],
    (axis) => `logSoftmax axis ${String(axis)}`,
    [away(3, 4)],
    (axis) => (x) => logSoftmax(x, { axis }),
  ),
  logSumExp: variants(
    [{ axis: -1 }, { axis: 0 }, { axis: [0, 2] }, { axis: [1, 2], keepDims: true }],
    (options) => `logSumExp ${JSON.stringify(options)}`,
    [away(3, 4, 2)],
    (options) => (x) => logSumExp(x, options),
  ),
};
