// Reductions other than the sum: extremes, products, means, variances and norms.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import * as check from '../contract/checks.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import { normalizeAxes, sizeOf } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { div, mul, sub } from './arithmetic.ts';
import { checkFloats, inFloat32 } from './operands.ts';
import { cast } from './cast.ts';
import { equal, logicalOr } from './comparison.ts';
import { rangeAt } from './gather.ts';
import { expandDims, reshape } from './reshape.ts';
import { where } from './select.ts';
import type { ReduceOptions } from './sum.ts';
import { REDUCE, reduceKernel, reduceWith, reducedShape, stretchReduced, sum } from './sum.ts';
import { transpose } from './transpose.ts';
import { abs, sqrt, square } from './unary.ts';

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

/** Options of `variance` and `standardDeviation`. */
export interface VarianceOptions extends ReduceOptions {
  /** Subtracted from the count by which the sum of squares is divided: 0 for the mean square, 1 for the unbiased estimate of a sample. Default 0. */
  readonly correction?: number | undefined;
}

const VARIANCE: OptionChecks<VarianceOptions> = { ...REDUCE, correction: check.finite };

/** The mean squared deviation from the mean, over axes. */
export function variance(x: Tensor, options: VarianceOptions = {}): Tensor {
  checkTensor('variance', x);
  checkOptions('variance', options, VARIANCE);
  const { axis, keepDims, correction = 0 } = options;
  return inFloat32(x, (wide) => {
    const centre = mean(wide, { axis, keepDims: true });
    const total = sum(square(sub(wide, centre)), { axis, keepDims });
    const count = x.size / Math.max(1, total.size);
    return div(total, count - correction);
  });
}

/**
 * The square root of `variance`, without overflow or underflow of the squares. The gradient where all deviations are 0 is 0, the subgradient of
 * least length.
 */
export function standardDeviation(x: Tensor, options: VarianceOptions = {}): Tensor {
  checkTensor('standardDeviation', x);
  checkOptions('standardDeviation', options, VARIANCE);
  const { axis, keepDims, correction = 0 } = options;
  return inFloat32(x, (wide) => {
    const length = norm(sub(wide, mean(wide, { axis, keepDims: true })), { axis, keepDims });
    const count = x.size / Math.max(1, length.size);
    return div(length, Math.sqrt(count - correction));
  });
}

export const normKernel: KernelDefinition<'norm', Tensor> = defineKernel({
  name: 'norm',
  infer: ({ x }, { axes, keepDims }) => {
    checkFloats('norm', x);
    return { y: specOf(x.dtype, reducedShape(x.shape, axes, keepDims)) };
  },
  // Divided by the largest, no square overflows, and none that counts vanishes.
  lower: ({ x }, { axes, keepDims }) => {
    const largest = max(abs(x), { axis: axes, keepDims: true });
    const scale = where(logicalOr(equal(largest, 0), equal(abs(largest), Infinity)), 1, largest);
    const length = mul(sqrt(sum(square(div(x, scale)), { axis: axes, keepDims: true })), scale);
    return { y: reshape(length, reducedShape(x.shape, axes, keepDims)) };
  },
});

const normRule: Rule<'norm'> = {
  kernel: normKernel,
  save: ['x', 'y'],
  gradient: ({ d, saved: { x, y }, attrs: { axes } }) => {
    if (d.y === undefined) return {};
    const kept = reducedShape(x.shape, axes, true);
    return { x: mul(div(x, reshape(where(equal(y, 0), 1, y), kept)), reshape(d.y, kept)) };
  },
};

/**
 * The Euclidean norm, √Σx², over axes, without overflow or underflow of the squares; 0 over an empty axis. The gradient x / norm is 0 at 0, the
 * subgradient of least length.
 */
export function norm(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkTensor('norm', x);
  checkOptions('norm', options, REDUCE);
  const axes = normalizeAxes('norm', options.axis, x.shape.length);
  return inFloat32(x, (wide) => apply(normRule, { x: wide }, { axes, keepDims: options.keepDims ?? false }, NO_SCALARS, wide).y);
}
