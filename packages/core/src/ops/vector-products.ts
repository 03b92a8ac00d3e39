// Products of vectors beside the inner one, `dot`.

import { isNumeric } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import { broadcastShapes, checkShape, formatShape, normalizeAxis } from '../contract/shape.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mul, sub } from './arithmetic.ts';
import { reshape } from './reshape.ts';
import { roll } from './roll.ts';

function checkProduct(op: string, a: Tensor, b: Tensor): void {
  checkTogether(op, [a, b]);
  if (a.dtype !== b.dtype) throw new DTypeError(`${op}: ${a.dtype} and ${b.dtype} differ in dtype; cast one of them`);
  if (!isNumeric(a.dtype)) throw new DTypeError(`${op}: ${a.dtype} has no arithmetic; cast it to int32 or float32 first`);
}

/**
 * Each element of a times each of b.
 * @param a float32 or int32, any shape
 * @param b a's dtype, any shape
 * @returns `a.shape + b.shape`; for vectors the matrix a bᵀ
 */
export function outer(a: Tensor, b: Tensor): Tensor {
  checkProduct('outer', a, b);
  checkShape('outer', [...a.shape, ...b.shape]);
  return mul(reshape(a, [...a.shape, ...b.shape.map(() => 1)]), b);
}

/**
 * The cross product of vectors of three elements, which lie along an axis. The other axes broadcast.
 * @param a float32 or int32 `[…, 3, …]`
 * @param b a's dtype, `[…, 3, …]`
 * @throws ShapeError unless the axis has length 3 in both and the shapes broadcast
 */
export function cross(a: Tensor, b: Tensor, axis = -1): Tensor {
  checkProduct('cross', a, b);
  const [ofA, ofB] = [a, b].map((x) => normalizeAxis('cross', axis, x.shape.length)) as [number, number];
  if (a.shape[ofA] !== 3 || b.shape[ofB] !== 3)
    throw new ShapeError(`cross: axis ${axis} of ${formatShape(a.shape)} and ${formatShape(b.shape)} must have length 3`);
  broadcastShapes('cross', a.shape, b.shape);
  const product = (byA: number, byB: number): Tensor => mul(roll(a, byA, ofA), roll(b, byB, ofB));
  return sub(product(-1, -2), product(-2, -1));
}
