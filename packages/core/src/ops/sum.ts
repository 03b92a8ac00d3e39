// Sums over axes and stretching along axes: each is the other's gradient.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import * as check from '../contract/checks.ts';
import { isNumeric } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import type { ReduceOp } from '../contract/kernels.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { readable } from '../contract/own-shape.ts';
import type { Shape } from '../contract/shape.ts';
import { broadcastShapes, checkShape, formatShape, normalizeAxes, sameShape } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { reshape } from './reshape.ts';

export const broadcastToKernel: KernelDefinition<'broadcastTo', Tensor> = defineKernel({
  name: 'broadcastTo',
  moves: true,
  infer: ({ x }, { shape }) => {
    checkShape('broadcastTo', shape);
    if (!sameShape(broadcastShapes('broadcastTo', x.shape, shape), shape)) {
      throw new ShapeError(`broadcastTo: ${formatShape(x.shape)} does not stretch to ${formatShape(shape)}`);
    }
    return { y: specOf(x.dtype, shape) };
  },
});

/** The shape after a reduction. Reduced axes stay with length 1 if `keepDims`, else they are dropped. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  const lengths = readable(shape);
  const reduced: number[] = [];
  for (let i = 0; i < lengths.length; i++) {
    if (!axes.includes(i)) reduced.push(lengths[i]!);
    else if (keepDims) reduced.push(1);
  }
  return reduced;
}

export const reduceKernel: KernelDefinition<'reduce', Tensor> = defineKernel({
  name: 'reduce',
  called: ({ op }) => op,
  infer: ({ x }, { op, axes, keepDims }) => {
    if ((op === 'sum' || op === 'prod') && !isNumeric(x.dtype))
      throw new DTypeError(`${op}: ${x.dtype} has no ${op}; cast it to int32 or float32 first`);
    return { y: specOf(x.dtype, reducedShape(x.shape, axes, keepDims)) };
  },
});

const broadcastToRule: Rule<'broadcastTo'> = {
  kernel: broadcastToKernel,
  save: [],
  gradient: ({ d, specs }) => ({ x: d.y && sumTo(d.y, specs.x.shape) }),
};

const sumRule: Rule<'reduce'> = {
  kernel: reduceKernel,
  save: [],
  gradient: ({ d, specs, attrs }) => ({ x: d.y && stretchReduced(d.y, specs.x.shape, attrs.axes) }),
};

/** A reduction's result (or its gradient) stretched back over the axes that were reduced. */
export function stretchReduced(y: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  return broadcastTo(reshape(y, reducedShape(shape, axes, true)), shape);
}

/**
 * x stretched to a shape by NumPy's rule.
 * @throws ShapeError when x does not stretch to the shape
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkTensor('broadcastTo', x);
  checkShape('broadcastTo', shape);
  if (sameShape(x.shape, shape)) return reshape(x, shape);
  return apply(broadcastToRule, { x }, { shape: [...shape] }, NO_SCALARS, x).y;
}

/** What to reduce, and whether it stays. */
export interface ReduceOptions {
  /** One axis or several; negative ones count from the back. Default: all. */
  readonly axis?: number | readonly number[] | undefined;
  /** Whether a reduced axis stays with length 1. Default false. */
  readonly keepDims?: boolean | undefined;
}

export const REDUCE: OptionChecks<ReduceOptions> = { axis: check.axes, keepDims: check.flag };

/** Runs the reduce kernel with a given gradient rule. */
export function reduceWith(rule: Rule<'reduce'>, op: ReduceOp, x: Tensor, options: ReduceOptions | undefined): Tensor {
  checkTensor(op, x);
  if (options !== undefined) checkOptions(op, options, REDUCE);
  const axes = normalizeAxes(op, options?.axis, x.shape.length);
  return apply(rule, { x }, { op, axes, keepDims: options?.keepDims ?? false }, NO_SCALARS, x).y;
}

/** Sum over axes; 0 over an empty axis. float32 or int32. */
export function sum(x: Tensor, options?: ReduceOptions): Tensor {
  return reduceWith(sumRule, 'sum', x, options);
}

/** The sum over the axes along which `shape` was stretched to x's shape: the gradient of broadcasting. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const added = x.shape.length - shape.length;
  const axes: number[] = [];
  for (let i = 0; i < x.shape.length; i++) if (i < added || (shape[i - added] === 1 && x.shape[i] !== 1)) axes.push(i);
  return reshape(sum(x, { axis: axes, keepDims: true }), shape);
}
