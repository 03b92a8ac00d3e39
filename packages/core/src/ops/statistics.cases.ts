// Reductions, along all axes, one, or several.

import type { GradientCase, OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, spaced, variants } from '../cases/gradient-case.ts';
import { tensor } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { norm } from './norm.ts';
import { max, mean, min, prod } from './statistics.ts';
import { standardDeviation, variance } from './variance.ts';
import type { ReduceOptions } from './sum.ts';
import { broadcastTo, sum } from './sum.ts';
import { square } from './unary.ts';

type Reduction = (x: Tensor, options: ReduceOptions) => Tensor;

const OPTIONS: readonly ReduceOptions[] = [
  {},
  { axis: 0 },
  { axis: -1, keepDims: true },
  { axis: [0, 2] },
  { axis: [1, 2], keepDims: true },
];

function over(name: string, reduction: Reduction): GradientCase[] {
  return variants(
    OPTIONS,
    (options) => `${name} ${JSON.stringify(options)}`,
    [spaced(2, 3, 4)],
    (options) => (x) => reduction(x, options),
  );
}

export const statisticsCases: OpCases = {
  sum: [...over('sum', sum), gradientCase('sum of a scalar', [away()], (x) => sum(square(x)))],
  mean: over('mean', mean),
  prod: [...over('prod', prod), gradientCase('prod with a zero', [away(4)], (x) => prod(x.mul(tensor([1, 0, 1, 1]))))],
  max: over('max', max),
  min: over('min', min),
  norm: [
    ...over('norm', norm),
    ...[1, 1.5, 3, Infinity].flatMap((order) => over(`norm of order ${order}`, (x, options) => norm(x, { ...options, order }))),
  ],
  variance: [...over('variance', variance), ...over('unbiased variance', (x, options) => variance(x, { ...options, correction: 1 }))],
  standardDeviation: over('standardDeviation', standardDeviation),
  broadcastTo: [gradientCase('broadcastTo', [away(3, 1)], (x) => broadcastTo(x, [2, 3, 4]))],
};
