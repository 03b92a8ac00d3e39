// Reductions of conditions: whether any or all hold, and how many elements are not 0.

import { DTypeError } from '../contract/errors.ts';
import { checkOptions } from '../contract/options.ts';
import { normalizeAxes } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { cast } from './cast.ts';
import { notEqual } from './comparison.ts';
import { max, min } from './statistics.ts';
import type { ReduceOptions } from './sum.ts';
import { REDUCE, sum } from './sum.ts';

function checkCondition(op: string, x: Tensor, options: ReduceOptions): void {
  checkReduction(op, x, options);
  if (x.dtype !== 'bool') throw new DTypeError(`${op}: takes bool, got ${x.dtype}; compare it first, e.g. notEqual(x, 0)`);
}

function checkReduction(op: string, x: Tensor, options: ReduceOptions): void {
  checkTensor(op, x);
  checkOptions(op, options, REDUCE);
  normalizeAxes(op, options.axis, x.shape.length);
}

/** Whether any element over axes is true; false over an empty axis. Takes and gives bool. */
export function any(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkCondition('any', x, options);
  return max(x, options);
}

/** Whether all elements over axes are true; true over an empty axis. Takes and gives bool. */
export function all(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkCondition('all', x, options);
  return min(x, options);
}

/** int32: the number of elements over axes that are not 0 (NaN is not 0). Takes any dtype. */
export function countNonZero(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkReduction('countNonZero', x, options);
  return sum(cast(x.dtype === 'bool' ? x : notEqual(x, 0), 'int32'), options);
}
