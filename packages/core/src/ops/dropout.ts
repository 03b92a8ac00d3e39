// Dropout in its inverted form: elements that are kept are scaled up in training. Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import * as check from '../contract/checks.ts';
import { checkScalar, checkValue } from '../contract/options.ts';
import { NO_ATTRS } from '../dispatch/attributes.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { Scalar } from '../contract/scalar.ts';
import { derived } from '../contract/scalar.ts';
import type { Seed } from '../random/key.ts';
import { randomKey } from '../random/key.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkFloats } from './operands.ts';
import { mul } from './arithmetic.ts';
import { keepMask } from './random.ts';
import { where } from './select.ts';

export const dropoutKernel: KernelDefinition<'dropout', Tensor> = defineKernel({
  name: 'dropout',
  infer: ({ x }) => {
    checkFloats('dropout', x);
    return { y: { dtype: x.dtype, shape: x.shape, size: x.size } };
  },
  lower: ({ x }, _, { rate, keyLow, keyHigh }) => ({
    y: where(
      keepMask(x, rate, { keyLow, keyHigh }),
      mul(
        x,
        derived((dropped) => Math.fround(1 / (1 - dropped)), rate),
      ),
      0,
    ),
  }),
});

/** The gradient drops the same elements: the mask is computed again from the key, not stored. */
const dropoutRule: Rule<'dropout'> = {
  kernel: dropoutKernel,
  save: [],
  gradient: ({ d, scalars }) => ({ x: d.y && apply(dropoutRule, { x: d.y }, NO_ATTRS, scalars, d.y).y }),
};

/**
 * x with each element set to 0 with probability `rate`, or else divided by 1 - rate.
 * @param rate within [0, 1)
 * @param seed decides which elements are dropped: the same seed drops the same ones
 */
export function dropout(x: Tensor, rate: Scalar, seed: Seed): Tensor {
  checkTensor('dropout', x);
  checkScalar('dropout', rate, check.fraction, 'rate');
  checkValue('dropout', seed, check.seed, 'seed');
  return apply(dropoutRule, { x }, NO_ATTRS, { rate, ...randomKey(seed).scalars }, x).y;
}
