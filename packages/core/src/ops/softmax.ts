// Softmax and its logarithm, over one axis. The largest element is subtracted first, so that no exponential overflows.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { stopGradient } from '../autodiff/stop.ts';
import * as check from '../contract/checks.ts';
import { isFloat } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import type { Inputs } from '../contract/kernels.ts';
import { NO_ATTRS } from '../dispatch/attributes.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { lastLength, lengthsOf, normalizeAxes } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { cast } from './cast.ts';
import { equal } from './comparison.ts';
import { axesLast, mergedLast } from './merge-axes.ts';
import { expandDims, reshape } from './reshape.ts';
import { where } from './select.ts';
import { max } from './statistics.ts';
import { reducedShape, sum } from './sum.ts';
import { transpose } from './transpose.ts';
import { abs, exp, log1p } from './unary.ts';

function checkLogits(op: string, x: Spec): void {
  if (!isFloat(x.dtype)) throw new DTypeError(`${op}: takes float32, got ${x.dtype}; cast it`);
  if (x.shape.length === 0) throw new ShapeError(`${op}: a scalar has no axis to normalise over`);
  if (lastLength(x.shape) === 0) throw new ShapeError(`${op}: the axis is empty`);
}

function sameSpec(op: string) {
  return ({ x }: Inputs<'softmax', Spec>): { y: Spec } => {
    checkLogits(op, x);
    return { y: { dtype: x.dtype, shape: x.shape, size: x.size } };
  };
}

const LAST = { axis: -1, keepDims: true } as const;

/** The maximum of each row, which is subtracted from the row. The gradient treats it as a constant. */
function largestOf(x: Tensor): Tensor {
  return max(stopGradient(x), LAST);
}

/**
 * The rows less their largest element, and ln Σ e^shifted. The largest term, 1, is left out of the sum: where the others are small, the digits of
 * the logarithm come from them.
 */
export function logarithmOfSum(x: Tensor, largest: Tensor): { shifted: Tensor; logSum: Tensor } {
  const shifted = sub(x, largest);
  const isLargest = equal(shifted, 0);
  const others = add(sum(where(isLargest, 0, exp(shifted)), LAST), sub(sum(cast(isLargest, x.dtype), LAST), 1));
  return { shifted, logSum: log1p(others) };
}

/** The maximum of each row, or 0 if that is infinite: so no ∞ - ∞ arises, and a row of -∞ has the sum 0, not NaN. */
export function finiteLargestOf(x: Tensor): Tensor {
  const largest = largestOf(x);
  return where(equal(abs(largest), Infinity), 0, largest);
}

export const softmaxKernel: KernelDefinition<'softmax', Tensor> = defineKernel({
  name: 'softmax',
  infer: sameSpec('softmax'),
  lower: ({ x }) => {
    const raised = exp(sub(x, largestOf(x)));
    return { y: div(raised, sum(raised, LAST)) };
  },
});

export const logSoftmaxKernel: KernelDefinition<'logSoftmax', Tensor> = defineKernel({
  name: 'logSoftmax',
  infer: sameSpec('logSoftmax'),
  lower: ({ x }) => {
    const { shifted, logSum } = logarithmOfSum(x, largestOf(x));
    return { y: sub(shifted, logSum) };
  },
});

export const logSumExpKernel: KernelDefinition<'logSumExp', Tensor> = defineKernel({
  name: 'logSumExp',
  infer: ({ x }) => {
    checkLogits('logSumExp', x);
    return { y: specOf(x.dtype, lengthsOf(x.shape, 0, x.shape.length - 1)) };
  },
  lower: ({ x }) => {
    const largest = finiteLargestOf(x);
    return { y: reshape(add(logarithmOfSum(x, largest).logSum, largest), lengthsOf(x.shape, 0, x.shape.length - 1)) };
  },
});

const softmaxRule: Rule<'softmax'> = {
  kernel: softmaxKernel,
  save: ['y'],
  gradient: ({ d, saved: { y } }) => {
    if (d.y === undefined) return {};
    return { x: mul(y, sub(d.y, sum(mul(d.y, y), LAST))) };
  },
};

const logSoftmaxRule: Rule<'logSoftmax'> = {
  kernel: logSoftmaxKernel,
  save: ['y'],
  gradient: ({ d, saved: { y } }) => ({ x: d.y && sub(d.y, mul(exp(y), sum(d.y, LAST))) }),
};

const logSumExpRule: Rule<'logSumExp'> = {
  kernel: logSumExpKernel,
  save: ['x', 'y'],
  gradient: ({ d, saved: { x, y } }) => ({ x: d.y && mul(expandDims(d.y, -1), exp(sub(x, expandDims(y, -1)))) }),
};

/** Over what to normalise. */
export interface SoftmaxOptions {
  /** One axis or several, over which the probabilities sum to 1; negative ones count from the back. Default: the last. */
  readonly axis?: number | readonly number[] | undefined;
}

const SOFTMAX: OptionChecks<SoftmaxOptions> = { axis: check.axes };

/** Applies a rule of the last axis over other axes: they are moved to the end, merged into one, and moved back. */
function over(rule: Rule<'softmax'> | Rule<'logSoftmax'>, x: Tensor, { axis = -1 }: SoftmaxOptions): Tensor {
  const { name } = rule.kernel;
  const onLast = (rows: Tensor): Tensor => apply(rule as Rule<'softmax'>, { x: rows }, NO_ATTRS, NO_SCALARS, x).y;
  if (x.shape.length === 0) return onLast(x); // infer says what is wrong
  const axes = normalizeAxes(name, axis, x.shape.length);
  if (isLast(axes, x)) return onLast(x);
  const order = axesLast(axes, x);
  const moved = transpose(x, order);
  const y = reshape(onLast(mergedLast(moved, axes.length)), moved.shape);
  return transpose(
    y,
    order.map((_, i) => order.indexOf(i)),
  );
}

function isLast(axes: readonly number[], { shape }: Spec): boolean {
  return axes.length === 1 && axes[0] === shape.length - 1;
}

/**
 * e^x / Σe^x over an axis or several: probabilities that sum to 1.
 * @param x float32
 * @throws ShapeError for a scalar, or when an axis is empty or out of range
 */
export function softmax(x: Tensor, options: SoftmaxOptions = {}): Tensor {
  checkTensor('softmax', x);
  checkOptions('softmax', options, SOFTMAX);
  return over(softmaxRule, x, options);
}

/**
 * ln softmax(x) over an axis or several, accurate where the probability is tiny.
 * @param x float32
 * @throws ShapeError for a scalar, or when an axis is empty or out of range
 */
export function logSoftmax(x: Tensor, options: SoftmaxOptions = {}): Tensor {
  checkTensor('logSoftmax', x);
  checkOptions('logSoftmax', options, SOFTMAX);
  return over(logSoftmaxRule, x, options);
}

/** Over what to sum, and whether it stays. */
export interface LogSumExpOptions extends SoftmaxOptions {
  /** Whether the axes stay with length 1. Default false. */
  readonly keepDims?: boolean | undefined;
}

const LOG_SUM_EXP: OptionChecks<LogSumExpOptions> = { ...SOFTMAX, keepDims: check.flag };

/**
 * ln Σe^x over an axis or several (by default the last), which are dropped unless `keepDims`.
 * @param x float32
 * @throws ShapeError for a scalar, or when an axis is empty or out of range
 */
export function logSumExp(x: Tensor, options: LogSumExpOptions = {}): Tensor {
  checkTensor('logSumExp', x);
  checkOptions('logSumExp', options, LOG_SUM_EXP);
  const { axis = -1, keepDims = false } = options;
  const onLast = (rows: Tensor): Tensor => apply(logSumExpRule, { x: rows }, NO_ATTRS, NO_SCALARS, x).y;
  if (x.shape.length === 0) return onLast(x); // infer says what is wrong
  const axes = normalizeAxes('logSumExp', axis, x.shape.length);
  const y = onLast(isLast(axes, x) ? x : mergedLast(transpose(x, axesLast(axes, x)), axes.length));
  return keepDims ? reshape(y, reducedShape(x.shape, axes, true)) : y;
}
