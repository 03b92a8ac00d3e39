// Running sums along an axis.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import * as check from '../contract/checks.ts';
import { isNumeric } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { normalizeAxis } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
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

/** How to sum, or to multiply. */
export interface CumulativeSumOptions {
  /** The axis; a negative one counts from the back. Default: the last. */
  readonly axis?: number | undefined;
  /** Whether a sum or product leaves out the element itself. Default false. */
  readonly exclusive?: boolean | undefined;
  /** Whether to begin at the end. Default false. */
  readonly reverse?: boolean | undefined;
}

/** The checks of options of all cumulative ops. */
export const CUMULATIVE: OptionChecks<CumulativeSumOptions> = { axis: check.axis, exclusive: check.flag, reverse: check.flag };

/**
 * Running sums along an axis: the sum of each element and all before it. A scalar is its own sum.
 * @param x float32 or int32
 * @throws ShapeError when the axis is out of range
 */
export function cumulativeSum(x: Tensor, options: CumulativeSumOptions = {}): Tensor {
  checkTensor('cumulativeSum', x);
  checkOptions('cumulativeSum', options, CUMULATIVE);
  const { axis = -1, exclusive = false, reverse = false } = options;
  if (x.shape.length === 0) return cumulativeSum(reshape(x, [1]), options).reshape([]);
  const attrs = { axis: normalizeAxis('cumulativeSum', axis, x.shape.length), exclusive, reverse };
  return apply(cumulativeSumRule, { x }, attrs, NO_SCALARS, x).y;
}
