// Distances between rows, all at once.

import type { Tensor } from '@sinapse/core';
import { add, matmul, maximum, square, sub, sum } from '@sinapse/core';

/**
 * Squared Euclidean distances |a|² + |b|² - 2 a b, never below 0.
 * @param a float32 `[n, features]`
 * @param b float32 `[k, features]`
 * @returns `[n, k]`
 */
export function squaredDistances(a: Tensor, b: Tensor): Tensor {
  const ofA = sum(square(a), { axis: 1, keepDims: true });
  const ofB = sum(square(b), { axis: 1 });
  return maximum(sub(add(ofA, ofB), matmul(a, b, { transposeB: true }).mul(2)), 0);
}
