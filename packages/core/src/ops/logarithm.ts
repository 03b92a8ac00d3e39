// Logarithms to other bases, and sums of numbers given by their logarithms.

import { broadcastShapes } from '../contract/shape.ts';
import { fused } from '../fused/fused.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul, sub } from './arithmetic.ts';
import { equal, greater, logicalAnd } from './comparison.ts';
import { floatFunction } from './float-function.ts';
import { checkFloats } from './operands.ts';
import { where } from './select.ts';
import { abs, exp, log, log1p } from './unary.ts';

/** The logarithm to base 2, ln x / ln 2; NaN below 0. float32. */
export const log2: (x: Tensor) => Tensor = floatFunction('log2', fused((x: Tensor) => mul(log(x), Math.LOG2E))); // prettier-ignore

/** The logarithm to base 10, ln x / ln 10; NaN below 0. float32. */
export const log10: (x: Tensor) => Tensor = floatFunction('log10', fused((x: Tensor) => mul(log(x), Math.LOG10E))); // prettier-ignore

const logAddExpOf = fused((a: Tensor, b: Tensor) => {
  const isFirst = greater(a, b);
  const [larger, smaller] = [where(isFirst, a, b), where(isFirst, b, a)];
  const isInfinite = logicalAnd(equal(a, b), equal(abs(a), Infinity)); // their difference would be NaN
  const below = sub(where(isInfinite, 0, smaller), where(isInfinite, 0, larger));
  return add(larger, where(isInfinite, 0, log1p(exp(below))));
});

/**
 * ln(e^a + e^b), element by element, without overflow. Shapes broadcast.
 * @param a float32
 * @param b float32
 * @throws ShapeError when the shapes do not broadcast
 */
export function logAddExp(a: Tensor, b: Tensor): Tensor {
  checkTogether('logAddExp', [a, b]);
  checkFloats('logAddExp', a, b);
  broadcastShapes('logAddExp', a.shape, b.shape);
  return logAddExpOf(a, b);
}
