// The fully connected layer.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, variants } from '../cases/gradient-case.ts';
import type { Activation } from '../contract/kernels.ts';
import { linear } from './linear.ts';

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'sigmoid', 'sigmoid', 'tanh'];

export const linearCases: OpCases = {
  linear: [
    ...variants(
      ACTIVATIONS,
      (activation) => `linear ${activation}`,
      [away(4, 3), away(3, 2), away(2)],
      (activation) => (x, weight, bias) => linear(x, weight, bias, { activation }),
    ),
    gradientCase('linear without bias', [away(2, 2, 3), away(3, 2)], (x, weight) => linear(x, weight)),
  ],
};
