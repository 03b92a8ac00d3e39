// Running sums along an axis.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { isNumeric } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { normalizeAxis } from '../contract/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { less, lessEqual } from './comparison.ts';
import { rangeAt } from './gather.ts';
import { expandDims, reshape } from './reshape.ts';
import { where } from './select.ts';
import { sum } from './sum.ts';
import { moveAxis } from './transpose.ts';

export const cumulativeSumKernel: KernelDefinition<'cumulativeSum', Tensor> = defineKernel({
  name: 'cumulativeSum',
  infer: ({ x }) => {
    if (!isNumeric(x.dtype)) throw new DTypeError(`cumulativeSum: ${x.dtype} has no sum; cast it to int32 or float32`);
    return { y: { dtype: x.dtype, shape: x.shape, size: x.size } };
  },
  // Each partial sum is computed separately, from n² values in all. A product with a triangular matrix would turn infinities into NaN.
  lower: ({ x }, { axis, exclusive, reverse }) => {
    const last = moveAxis(x, axis, -1);
    const index = rangeAt(x, x.shape[axis]!);
    const of = expandDims(index, 1);
    const before = exclusive ? less : lessEqual;
    const included = reverse ? before(of, index) : before(index, of);
    return { y: moveAxis(sum(where(included, expandDims(last, -2), 0), { axis: -1 }), -1, axis) };
  },
});

const cumulativeSumRule: Rule<'cumulativeSum'> = {
  kernel: cumulativeSumKernel,
  save: [],
  gradient: ({ d, attrs }) => ({
    x: d.y && apply(cumulativeSumRule, { x: d.y }, { ...attrs, reverse: !attrs.reverse }, NO_SCALARS, d.y).y,
  }),
};

/** How to sum: `exclusive` leaves the element itself out, `reverse` sums from the end. */
export interface CumulativeSumOptions {
  readonly exclusive?: boolean;
  readonly reverse?: boolean;
}

/** Running sums along an axis: the sum of each element and all before it. float32 or int32. */
export function cumulativeSum(x: Tensor, axis = -1, options: CumulativeSumOptions = {}): Tensor {
  const { exclusive = false, reverse = false } = options;
  if (x.shape.length === 0) return cumulativeSum(reshape(x, [1]), 0, options).reshape([]);
  return apply(cumulativeSumRule, { x }, { axis: normalizeAxis('cumulativeSum', axis, x.shape.length), exclusive, reverse }, NO_SCALARS, x)
    .y;
}
