// Conversion between dtypes. It is always explicit: no op promotes silently.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import * as check from '../contract/checks.ts';
import type { DType } from '../contract/dtype.ts';
import { isFloat } from '../contract/dtype.ts';
import { checkValue } from '../contract/options.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { reshape } from './reshape.ts';

export const castKernel: KernelDefinition<'cast', Tensor> = defineKernel({
  name: 'cast',
  moves: true,
  infer: ({ x }, { dtype }) => ({ y: { dtype, shape: x.shape, size: x.size } }),
});

const castRule: Rule<'cast'> = {
  kernel: castKernel,
  save: [],
  gradient: ({ d, specs }) => ({ x: isFloat(specs.x.dtype) && d.y !== undefined && cast(d.y, specs.x.dtype) }),
};

/**
 * x in another dtype. A float becomes an integer by rounding towards zero and clamping to the range; NaN becomes 0. As bool, all but 0 is true.
 * The gradient passes between float dtypes.
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  checkTensor('cast', x);
  checkValue('cast', dtype, check.dtype, 'dtype');
  if (x.dtype === dtype) return reshape(x, x.shape);
  return apply(castRule, { x }, { dtype }, NO_SCALARS, x).y;
}
