// Arithmetic of two numbers that has a name of its own.

import { isFloat, isNumeric } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import { broadcastShapes } from '../contract/shape.ts';
import { checkTensor, checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, mod, mul, sub } from './arithmetic.ts';
import { equal, less } from './comparison.ts';
import { checkFloats } from './operands.ts';
import { where } from './select.ts';
import { ceil, floor, round, square } from './unary.ts';

function checkPair(op: string, a: Tensor, b: Tensor): void {
  checkTogether(op, [a, b]);
  if (a.dtype !== b.dtype) throw new DTypeError(`${op}: ${a.dtype} and ${b.dtype} differ in dtype; cast one of them`);
  if (!isNumeric(a.dtype)) throw new DTypeError(`${op}: ${a.dtype} has no arithmetic; cast it to int32 or float32 first`);
  broadcastShapes(op, a.shape, b.shape);
}

/** (a - b)², element by element. Shapes broadcast. float32 or int32. */
export function squaredDifference(a: Tensor, b: Tensor): Tensor {
  checkPair('squaredDifference', a, b);
  return square(sub(a, b));
}

/** The largest integer ≤ a / b, element by element. Shapes broadcast. float32, or int32, where it is 0 for b = 0. a = floorDivide(a, b) b + mod(a, b), but for
 * rounding. No gradient. */
export function floorDivide(a: Tensor, b: Tensor): Tensor {
  checkPair('floorDivide', a, b);
  if (!isFloat(a.dtype)) return div(sub(a, mod(a, b)), b);
  const exact = round(div(sub(a, mod(a, b)), b)); // a / b may have been rounded up to an integer
  return where(equal(b, 0), div(a, b), exact);
}

/** a + (b - a) t, element by element: a for t = 0, b for t = 1. Shapes broadcast. float32. */
export function lerp(a: Tensor, b: Tensor, t: Tensor): Tensor {
  checkTogether('lerp', [a, b, t]);
  checkFloats('lerp', a, b, t);
  broadcastShapes('lerp', broadcastShapes('lerp', a.shape, b.shape), t.shape);
  return add(a, mul(sub(b, a), t));
}

/** x without its fraction: the nearest integer towards 0. float32. Gradient 0. */
export function truncate(x: Tensor): Tensor {
  checkTensor('truncate', x);
  checkFloats('truncate', x);
  return where(less(x, 0), ceil(x), floor(x));
}
