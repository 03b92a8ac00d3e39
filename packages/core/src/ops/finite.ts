// Which floats are infinite, and which are neither that nor NaN.

import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { equal, less } from './comparison.ts';
import { checkFloats } from './operands.ts';
import { abs } from './unary.ts';

/** bool: true where x is neither infinite nor NaN. float32. */
export function isFinite(x: Tensor): Tensor {
  checkTensor('isFinite', x);
  checkFloats('isFinite', x);
  return less(abs(x), Infinity);
}

/** bool: true where x is infinity or -infinity. float32. */
export function isInfinite(x: Tensor): Tensor {
  checkTensor('isInfinite', x);
  checkFloats('isInfinite', x);
  return equal(abs(x), Infinity);
}
