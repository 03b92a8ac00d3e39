// Softmax and its logarithm, over one axis. The largest element is subtracted first, so that no exponential overflows.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { stopGradient } from '../autodiff/stop.ts';
import { isFloat } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import type { Inputs } from '../contract/kernels.ts';
import { NO_ATTRS } from '../dispatch/attributes.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { normalizeAxis } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { equal } from './comparison.ts';
import { expandDims, reshape } from './reshape.ts';
import { where } from './select.ts';
import { max } from './statistics.ts';
import { sum } from './sum.ts';
import { moveAxis } from './transpose.ts';
import { abs, exp, log } from './unary.ts';

function checkLogits(op: string, x: Spec): void {
  if (!isFloat(x.dtype)) throw new DTypeError(`${op}: takes float32, got ${x.dtype}; cast it`);
  if (x.shape.length === 0) throw new ShapeError(`${op}: a scalar has no axis to normalise over`);
  if (x.shape.at(-1) === 0) throw new ShapeError(`${op}: the axis is empty`);
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
    const shifted = sub(x, largestOf(x));
    return { y: sub(shifted, log(sum(exp(shifted), LAST))) };
  },
});

export const logSumExpKernel: KernelDefinition<'logSumExp', Tensor> = defineKernel({
  name: 'logSumExp',
  infer: ({ x }) => {
    checkLogits('logSumExp', x);
    return { y: specOf(x.dtype, x.shape.slice(0, -1)) };
  },
  lower: ({ x }) => {
    const largest = largestOf(x);
    const shift = where(equal(abs(largest), Infinity), 0, largest); // avoids ∞ - ∞: a row of -∞ gives -∞, not NaN
    return { y: reshape(add(log(sum(exp(sub(x, shift)), LAST)), shift), x.shape.slice(0, -1)) };
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

/** Applies `op`, which works along the last axis, along another axis. If that is the last, x is not moved. */
function along(axis: number, x: Tensor, op: (x: Tensor) => Tensor): Tensor {
  return axis === x.shape.length - 1 ? op(x) : moveAxis(op(moveAxis(x, axis, -1)), -1, axis);
}

/** e^x / Σe^x along an axis: probabilities that sum to 1. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return along(normalizeAxis('softmax', axis, x.shape.length), x, (moved) => apply(softmaxRule, { x: moved }, NO_ATTRS, NO_SCALARS, x).y);
}

/** ln softmax(x) along an axis, accurate where the probability is tiny. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return along(
    normalizeAxis('logSoftmax', axis, x.shape.length),
    x,
    (moved) => apply(logSoftmaxRule, { x: moved }, NO_ATTRS, NO_SCALARS, x).y,
  );
}

/** ln Σe^x along an axis, which is dropped. */
export function logSumExp(x: Tensor, axis = -1): Tensor {
  const at = normalizeAxis('logSumExp', axis, x.shape.length);
  return apply(logSumExpRule, { x: at === x.shape.length - 1 ? x : moveAxis(x, at, -1) }, NO_ATTRS, NO_SCALARS, x).y;
}
