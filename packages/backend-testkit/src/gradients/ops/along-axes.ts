// Reductions, scans, order, and what is normalised over an axis.

import {
  batchNorm, cumulativeSum, globalAvgPool2d, logSoftmax, logSumExp, max, mean, min, norm, prod, softmax, softmaxCrossEntropy, sort, square, standardDeviation, sum, takeAlongLast,
  tensor, topK, variance,
} from '@sinapse/core'; // prettier-ignore
import type { Activation, ReduceOptions, Tensor } from '@sinapse/core';
import type { GradientCase } from './gradient-case.ts';
import { away, gradientCase, positive, spaced, variants } from './gradient-case.ts';

const REDUCTIONS: Readonly<Record<string, (x: Tensor, options: ReduceOptions) => Tensor>> = {
  sum, mean, prod, max, min, norm, variance, standardDeviation,
  'unbiased variance': (x, options) => variance(x, { ...options, correction: 1 }),
}; // prettier-ignore

const OPTIONS: readonly ReduceOptions[] = [
  {},
  { axes: 0 },
  { axes: -1, keepDims: true },
  { axes: [0, 2] },
  { axes: [1, 2], keepDims: true },
];

const overOptions = Object.keys(REDUCTIONS).flatMap((name) => OPTIONS.map((options) => ({ name, options })));

const labels = (): Tensor => tensor([2, 0, 1, 1], { dtype: 'int32' });

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'elu', 'sigmoid', 'tanh'];

export const axisGradients: readonly GradientCase[] = [
  ...variants(
    overOptions,
    ({ name, options }) => `${name} ${JSON.stringify(options)}`,
    [spaced(2, 3, 4)],
    ({ name, options }) =>
      (x) =>
        REDUCTIONS[name]!(x, options),
  ),
  gradientCase('prod with a zero', [away(4)], (x) => prod(x.mul(tensor([1, 0, 1, 1])))),
  gradientCase('sum of a scalar', [away()], (x) => sum(square(x))),
  gradientCase('globalAvgPool2d', [away(2, 3, 2, 3)], (x) => globalAvgPool2d(x)),
  ...variants(
    [
      { axis: 0, exclusive: false, reverse: false },
      { axis: 1, exclusive: true, reverse: false },
      { axis: -1, exclusive: false, reverse: true },
      { axis: 1, exclusive: true, reverse: true },
    ],
    (options) => `cumulativeSum ${JSON.stringify(options)}`,
    [away(2, 3, 2)],
    ({ axis, ...options }) =>
      (x) =>
        cumulativeSum(square(x), axis, options),
  ),
  gradientCase('sort', [spaced(3, 5)], (x) => square(sort(x).values)),
  gradientCase('sort descending over axis 0', [spaced(5, 2)], (x) => square(sort(x, { axis: 0, descending: true }).values)),
  gradientCase('topK', [spaced(2, 6)], (x) => square(topK(x, 3).values)),
  gradientCase('takeAlongLast', [away(2, 4)], (x) => square(takeAlongLast(x, tensor([[1, 1, 3], [0, 2, 0]], { dtype: 'int32' })))), // prettier-ignore
  ...variants(
    [-1, 0, 1],
    (axis) => `softmax axis ${axis}`,
    [away(2, 3, 4)],
    (axis) => (x) => softmax(x, axis),
  ),
  ...variants(
    [-1, 0],
    (axis) => `logSoftmax axis ${axis}`,
    [away(3, 4)],
    (axis) => (x) => logSoftmax(x, axis),
  ),
  ...variants(
    [-1, 0],
    (axis) => `logSumExp axis ${axis}`,
    [away(3, 4)],
    (axis) => (x) => logSumExp(x, axis),
  ),
  ...variants(
    ACTIVATIONS,
    (activation) => `batchNorm ${activation}`,
    [away(4, 2, 3), positive(3), away(3)],
    // Squared: the sum of squares of what is normalised does not depend on x.
    (activation) => (x, scale, offset) => square(batchNorm(x, scale, offset, { activation }).y),
  ),
  ...variants(
    ACTIVATIONS,
    (activation) => `batchNorm ${activation} with residual`,
    [away(5, 3), positive(3), away(3), away(5, 3)],
    (activation) => (x, scale, offset, residual) => batchNorm(x, scale, offset, { activation, residual, epsilon: 0.01 }).y,
  ),
  gradientCase('statistics of batchNorm', [away(5, 2), positive(2), away(2)], (x, scale, offset) => {
    const { mean: centre, variance: spread } = batchNorm(x, scale, offset);
    return square(centre).add(spread);
  }),
  gradientCase('all of batchNorm', [away(5, 2), positive(2), away(2)], (x, scale, offset) => {
    const { y, mean: centre, variance: spread } = batchNorm(x, scale, offset, { activation: 'tanh' });
    return y.add(centre).mul(spread);
  }),
  gradientCase('softmaxCrossEntropy', [away(4, 3)], (x) => softmaxCrossEntropy(x, labels())),
  gradientCase('mean of softmaxCrossEntropy', [away(4, 3)], (x) => mean(softmaxCrossEntropy(x, labels()))),
];
