// Matrices of derivatives.

import { vmap } from '../batching/vmap.ts';
import { isFloat } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import { cast } from '../ops/cast.ts';
import { zerosLike } from '../ops/fill.ts';
import { oneHot, rangeAt } from '../ops/gather.ts';
import { reshape } from '../ops/reshape.ts';
import { broadcastTo } from '../ops/sum.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { backward } from './backward.ts';
import { checkFunction, checkResult, differentiated } from './gradient.ts';
import { leafOf } from './leaf.ts';
import { recorded } from './recording.ts';

/** A function of a tensor, and of anything else that is not differentiated. */
type OfTensor<Rest extends unknown[]> = (x: Tensor, ...rest: Rest) => Tensor;

/**
 * The Jacobian matrix of a function with respect to its first argument: element `[…i, …j]` is the derivative of element i of f(x) with respect to
 * element j of x. One backward pass computes all rows side by side, and needs the memory of one for each element of f(x).
 * @param f x `[…]` to a float tensor `[…]`
 * @returns a function of x and f's other arguments, to `f(x).shape + x.shape`
 */
export function jacobian<Rest extends unknown[]>(f: OfTensor<Rest>): OfTensor<Rest> {
  checkFunction('jacobian', f);
  return (x, ...rest) => jacobianAs('jacobian', (leaf) => f(leaf, ...rest), x);
}

/**
 * The Hessian matrix of a scalar function with respect to its first argument: element `[…i, …j]` is the second derivative with respect to elements
 * i and j of x. For the product of the Hessian and a vector alone, `hvp` takes the time of two gradients.
 * @param f x `[…]` to a float scalar
 * @returns a function of x and f's other arguments, to `x.shape + x.shape`
 */
export function hessian<Rest extends unknown[]>(f: OfTensor<Rest>): OfTensor<Rest> {
  checkFunction('hessian', f);
  return (x, ...rest) => jacobianAs('hessian', (leaf) => differentiated('hessian', (inner) => f(inner, ...rest), [leaf]).gradients[0]!, x);
}

/** @param op the function that a user calls */
function jacobianAs(op: string, f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  checkTensor(op, x);
  if (!isFloat(x.dtype)) throw new DTypeError(`${op}: takes float32, got ${x.dtype}; cast it`);
  return scope(() =>
    recorded(
      () => {
        const leaf = leafOf(x);
        return { leaf, y: checkResult(op, f(leaf.tensor)) };
      },
      ({ leaf, y }, outermost) => {
        const shape = [...y.shape, ...x.shape];
        if (y.size === 0) return broadcastTo(zerosLike(reshape(x, [...y.shape.map(() => 1), ...x.shape])), shape);
        const units = reshape(cast(oneHot(rangeAt(y, y.size), y.size), y.dtype), [y.size, ...y.shape]);
        const row = (dy: Tensor): Tensor => backward([y], [dy], [leaf.node], outermost)[0] ?? zerosLike(x);
        return reshape(vmap(row)(units), shape);
      },
    ),
  );
}
