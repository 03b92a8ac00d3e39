// Activations, and the kernel that adds a bias before one.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, spaced, variants, within } from '../cases/gradient-case.ts';
import type { Activation } from '../contract/kernels.ts';
import { biasActivation, leakyRelu, maxout, relu } from './activation.ts';

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'sigmoid', 'tanh'];

export const activationCases: OpCases = {
  relu: [gradientCase('relu', [away(3, 4)], (x) => relu(x))],
  leakyRelu: [gradientCase('leakyRelu', [away(7)], (x) => leakyRelu(x, 0.2))],
  maxout: [gradientCase('maxout', [spaced(2, 6)], (x) => maxout(x, 3))],
  biasActivation: variants(
    ACTIVATIONS,
    (activation) => `biasActivation ${activation}`,
    [away(3, 4), within([4], -0.2, 0.2)],
    (activation) => (x, bias) => biasActivation(x, bias, { activation, ...(activation === 'leakyRelu' ? { alpha: 0.3 } : {}) }),
  ),
};
