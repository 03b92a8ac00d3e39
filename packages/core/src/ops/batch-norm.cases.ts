// Batch normalisation with every activation: each output alone, and all outputs together.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, positive, variants } from '../cases/gradient-case.ts';
import type { Activation } from '../contract/kernels.ts';
import { batchNorm } from './batch-norm.ts';
import { square } from './unary.ts';

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'sigmoid', 'sigmoid', 'tanh'];

export const batchNormCases: OpCases = {
  batchNorm: [
    ...variants(
      ACTIVATIONS,
      (activation) => `batchNorm ${activation}`,
      [away(4, 2, 3), positive(3), away(3)],
      // Squared, because a check sums the squares of the results, and for normalised values that sum does not depend on x.
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
  ],
};
