// Norms: how large a vector is.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { stopGradient } from '../autodiff/stop.ts';
import type { Check } from '../contract/checks.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import { normalizeAxes } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { div, mul } from './arithmetic.ts';
import { equal, logicalOr } from './comparison.ts';
import { checkFloats, inFloat32 } from './operands.ts';
import { pow } from './power.ts';
import { reshape } from './reshape.ts';
import { where } from './select.ts';
import { max } from './statistics.ts';
import type { ReduceOptions } from './sum.ts';
import { REDUCE, reducedShape, sum } from './sum.ts';
import { abs, sqrt, square } from './unary.ts';

/** The largest |x| over axes, or 1 if that is 0, infinite, or of nothing. Divided by it, no power overflows, and none that counts vanishes. */
function scaleOf(x: Tensor, axes: readonly number[]): Tensor {
  const largest = max(abs(x), { axis: axes, keepDims: true });
  return where(logicalOr(equal(largest, 0), equal(abs(largest), Infinity)), 1, largest);
}

export const normKernel: KernelDefinition<'norm', Tensor> = defineKernel({
  name: 'norm',
  infer: ({ x }, { axes, keepDims }) => {
    checkFloats('norm', x);
    return { y: specOf(x.dtype, reducedShape(x.shape, axes, keepDims)) };
  },
  lower: ({ x }, { axes, keepDims }) => {
    const scale = scaleOf(x, axes);
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

/** Options of `norm`. */
export interface NormOptions extends ReduceOptions {
  /** The order p of the norm (Σ|x|^p)^(1/p): 1 for the sum of sizes, Infinity for the largest. Default 2. */
  readonly order?: number | undefined;
}

const ORDER: Check = { expected: 'a number > 0 or Infinity', accepts: (value) => typeof value === 'number' && value > 0 };
const NORM: OptionChecks<NormOptions> = { ...REDUCE, order: ORDER };

/**
 * The norm (Σ|x|^p)^(1/p) over axes, of order p = 2 unless given, without overflow or underflow of the powers; 0 over an empty axis. The gradient is
 * 0 at 0, the subgradient of least length; for the order Infinity, elements that tie share it equally.
 * @param x float32
 */
export function norm(x: Tensor, options: NormOptions = {}): Tensor {
  checkTensor('norm', x);
  checkOptions('norm', options, NORM);
  checkFloats('norm', x);
  const axes = normalizeAxes('norm', options.axis, x.shape.length);
  const { order = 2, keepDims = false } = options;
  return inFloat32(x, (wide) => {
    if (order === 2) return apply(normRule, { x: wide }, { axes, keepDims }, NO_SCALARS, wide).y;
    return order === 1
      ? sum(abs(wide), { axis: axes, keepDims })
      : reshape(normOf(wide, axes, order), reducedShape(x.shape, axes, keepDims));
  });
}

/** The norm of another order, with the reduced axes of length 1. */
function normOf(x: Tensor, axes: readonly number[], order: number): Tensor {
  const reduction = { axis: axes, keepDims: true };
  const sizes = abs(x);
  if (order === Infinity) return x.size === 0 ? sum(sizes, reduction) : max(sizes, reduction);
  const scale = stopGradient(scaleOf(x, axes)); // the norm does not depend on it
  const scaled = div(sizes, scale);
  const total = sum(powers(scaled, order), reduction);
  return mul(powers(total, 1 / order), scale);
}

/** x^p for x >= 0, with the gradient 0 at 0. */
function powers(x: Tensor, exponent: number): Tensor {
  const isZero = equal(x, 0);
  return where(isZero, 0, pow(where(isZero, 1, x), exponent));
}
