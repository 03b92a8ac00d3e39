// Activations that are fused formulas.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { celu, elu, gelu, geluTanh, mish, selu, softplus, softsign, swish } from './formula-activation.ts';

export const formulaActivationCases: OpCases = {
  elu: [gradientCase('elu', [away(7)], (x) => elu(x, 1.3))],
  selu: [gradientCase('selu', [away(3, 4)], (x) => selu(x))],
  softplus: [gradientCase('softplus', [away(3, 4)], (x) => softplus(x))],
  softsign: [gradientCase('softsign', [away(3, 4)], (x) => softsign(x))],
  gelu: [gradientCase('gelu', [away(3, 4)], (x) => gelu(x))],
  swish: [gradientCase('swish', [away(3, 4)], (x) => swish(x))],
  geluTanh: [gradientCase('geluTanh', [away(3, 4)], (x) => geluTanh(x))],
  mish: [gradientCase('mish', [away(3, 4)], (x) => mish(x))],
  celu: [gradientCase('celu', [away(7)], (x) => celu(x, 1.3))],
};
