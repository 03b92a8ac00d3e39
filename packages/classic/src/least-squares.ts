// Linear least squares by the normal equations, with a ridge: shared by the learners whose last step is linear.

import type { Tensor } from '@sinapse/core';
import { add, concat, eye, matmul, mul, ones, solve } from '@sinapse/core';

/** x with a column of ones behind it, `[examples, features + 1]`. */
export function withOnes(x: Tensor): Tensor {
  return concat([x, ones([x.shape[0]!, 1])], 1);
}

/**
 * The w with the smallest |x w - y|² + ridge |w|².
 * @param x float32 `[…, examples, features]`
 * @param y float32 `[…, examples, outputs]`
 * @param ridge >= 0; with 0, the columns of x must be linearly independent
 * @returns `[…, features, outputs]`
 */
export function leastSquares(x: Tensor, y: Tensor, ridge: number): Tensor {
  const products = matmul(x, x, { transposeA: true });
  return solve(add(products, mul(eye(x.shape.at(-1)!), ridge)), matmul(x, y, { transposeA: true }));
}

/** y as `[examples, outputs]`. */
export function asColumns(y: Tensor): Tensor {
  return y.shape.length === 1 ? y.reshape([y.shape[0]!, 1]) : y;
}
