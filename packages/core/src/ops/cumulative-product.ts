// Running products along an axis.

import { isNumeric } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import { checkOptions } from '../contract/options.ts';
import { lastLength, normalizeAxis } from '../contract/shape.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mul } from './arithmetic.ts';
import type { CumulativeSumOptions } from './cumulative.ts';
import { CUMULATIVE } from './cumulative.ts';
import { inFloat32 } from './operands.ts';
import { reshape } from './reshape.ts';
import { scanLast, shiftedLast } from './scan.ts';
import { flip } from './slice.ts';
import { moveAxis } from './transpose.ts';

/**
 * Running products along an axis: the product of each element and all before it. A scalar is its own product. It and its gradient multiply and
 * never divide, so elements may be 0.
 * @param x float32 or int32
 * @throws ShapeError when the axis is out of range
 */
export function cumulativeProduct(x: Tensor, options: CumulativeSumOptions = {}): Tensor {
  checkTensor('cumulativeProduct', x);
  checkOptions('cumulativeProduct', options, CUMULATIVE);
  if (!isNumeric(x.dtype)) throw new DTypeError(`cumulativeProduct: ${x.dtype} has no product; cast it to int32 or float32`);
  const { axis = -1, exclusive = false, reverse = false } = options;
  if (x.shape.length === 0) return reshape(cumulativeProduct(reshape(x, [1]), options), []);
  const at = normalizeAxis('cumulativeProduct', axis, x.shape.length);
  return inFloat32(x, (wide) => {
    const last = moveAxis(wide, at, -1);
    const products = productsOfLast(reverse ? flip(last, -1) : last, exclusive);
    return moveAxis(reverse ? flip(products, -1) : products, -1, at);
  });
}

function productsOfLast(x: Tensor, exclusive: boolean): Tensor {
  const length = lastLength(x.shape)!;
  if (length === 0) return x;
  const first = exclusive ? shiftedLast(x, 1, 1) : x;
  return scanLast(first, length, (y, step) => mul(y, shiftedLast(y, step, 1)));
}
