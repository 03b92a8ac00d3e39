// Reductions other than the sum: extremes, products and means.

import type { Rule } from '../autodiff/apply.ts';
import { checkOptions } from '../contract/options.ts';
import { sizeOf } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { div, mul } from './arithmetic.ts';
import { checkFloats, inFloat32 } from './operands.ts';
import { cast } from './cast.ts';
import { equal } from './comparison.ts';
import { rangeAt } from './gather.ts';
import { expandDims, reshape } from './reshape.ts';
import { where } from './select.ts';
import type { ReduceOptions } from './sum.ts';
import { REDUCE, reduceKernel, reduceWith, stretchReduced, sum } from './sum.ts';
import { transpose } from './transpose.ts';

/** The gradient of an extreme is shared equally by all elements that attain it. */
const extremeRule: Rule<'reduce'> = {
  kernel: reduceKernel,
  save: ['x', 'y'],
  gradient: ({ d, saved, attrs }) => {
    if (d.y === undefined) return {};
    const { x, y } = saved;
    const attained = cast(equal(x, stretchReduced(y, x.shape, attrs.axes)), x.dtype);
    const count = sum(attained, { axis: attrs.axes });
    return { x: mul(attained, stretchReduced(div(reshape(d.y, count.shape), count), x.shape, attrs.axes)) };
  },
};

/** d prod / dx_i is the product of the other elements. It takes n² values for n reduced elements, but no division: elements may be 0. */
const prodRule: Rule<'reduce'> = {
  kernel: reduceKernel,
  save: ['x'],
  gradient: ({ d, saved, attrs }) => {
    if (d.y === undefined) return {};
    const { x } = saved;
    const others = x.shape.map((_, i) => i).filter((i) => !attrs.axes.includes(i));
    const order = [...others, ...attrs.axes];
    const count = sizeOf(attrs.axes.map((axis) => x.shape[axis]!));
    const rows = reshape(transpose(x, order), [sizeOf(others.map((axis) => x.shape[axis]!)), 1, count]);
    const index = rangeAt(x, count);
    const withoutOne = where(equal(expandDims(index, 1), index), 1, rows); // [rows, count, count]: row i has 1 instead of element i
    const products = reshape(
      prod(withoutOne, { axis: 2 }),
      order.map((axis) => x.shape[axis]!),
    );
    const back = order.map((_, i) => order.indexOf(i));
    return { x: mul(transpose(products, back), stretchReduced(d.y, x.shape, attrs.axes)) };
  },
};

/** The largest element over axes, NaN if any is; -infinity over an empty axis. Ties share the gradient equally. */
export function max(x: Tensor, options?: ReduceOptions): Tensor {
  return reduceWith(extremeRule, 'max', x, options);
}

/** The smallest element over axes, NaN if any is; infinity over an empty axis. Ties share the gradient equally. */
export function min(x: Tensor, options?: ReduceOptions): Tensor {
  return reduceWith(extremeRule, 'min', x, options);
}

/** The product over axes; 1 over an empty axis. */
export function prod(x: Tensor, options?: ReduceOptions): Tensor {
  return reduceWith(prodRule, 'prod', x, options);
}

/** The arithmetic mean over axes; NaN over an empty axis. */
export function mean(x: Tensor, options?: ReduceOptions): Tensor {
  checkTensor('mean', x);
  checkFloats('mean', x);
  if (options !== undefined) checkOptions('mean', options, REDUCE);
  return inFloat32(x, (wide) => {
    const total = sum(wide, options);
    return x.size === 0 ? div(total, 0) : mul(total, total.size / x.size);
  });
}
