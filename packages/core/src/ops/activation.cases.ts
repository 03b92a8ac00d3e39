// Activations, and the kernel that adds a bias before one.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, spaced, variants, within } from '../cases/gradient-case.ts';
import type { Activation } from '../contract/kernels.ts';
import { biasActivation, elu, gelu, leakyRelu, maxout, relu, selu, softplus, softsign, swish } from './activation.ts';

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'elu', 'sigmoid', 'tanh'];

export const activationCases: OpCases = {
  relu: [gradientCase('relu', [away(3, 4)], (x) => relu(x))],
  leakyRelu: [gradientCase('leakyRelu', [away(7)], (x) => leakyRelu(x, 0.2))],
  elu: [gradientCase('elu', [away(7)], (x) => elu(x, 1.3))],
  selu: [gradientCase('selu', [away(3, 4)], (x) => selu(x))],
  softplus: [gradientCase('softplus', [away(3, 4)], (x) => softplus(x))],
  softsign: [gradientCase('softsign', [away(3, 4)], (x) => softsign(x))],
  gelu: [gradientCase('gelu', [away(3, 4)], (x) => gelu(x))],
  swish: [gradientCase('swish', [away(3, 4)], (x) => swish(x))],
  maxout: [gradientCase('maxout', [spaced(2, 6)], (x) => maxout(x, 3))],
  biasActivation: variants(
    ACTIVATIONS,
    (activation) => `biasActivation ${activation}`,
    [away(3, 4), within([4], -0.2, 0.2)],
    (activation) => (x, bias) =>
      biasActivation(x, bias, { activation, ...(activation === 'elu' || activation === 'leakyRelu' ? { alpha: 0.3 } : {}) }),
  ),
};
