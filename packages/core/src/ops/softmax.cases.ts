// Softmax and its logarithm, over the last axis and over others.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, variants } from '../cases/gradient-case.ts';
import { logSoftmax, logSumExp, softmax } from './softmax.ts';

export const softmaxCases: OpCases = {
  softmax: variants(
    [-1, 0, 1],
    (axis) => `softmax axis ${axis}`,
    [away(2, 3, 4)],
    (axis) => (x) => softmax(x, axis),
  ),
  logSoftmax: variants(
    [-1, 0],
    (axis) => `logSoftmax axis ${axis}`,
    [away(3, 4)],
    (axis) => (x) => logSoftmax(x, axis),
  ),
  logSumExp: variants(
    [-1, 0],
    (axis) => `logSumExp axis ${axis}`,
    [away(3, 4)],
    (axis) => (x) => logSumExp(x, axis),
  ),
};
