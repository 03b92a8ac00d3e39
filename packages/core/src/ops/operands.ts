// Checks and conversions of operands that several ops share.

import { isFloat, isHalf } from '../contract/dtype.ts';
import { DTypeError } from '../contract/errors.ts';
import type { Spec } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** @throws DTypeError unless all are floats of one dtype */
export function checkFloats(op: string, ...specs: (Spec | undefined)[]): void {
  for (let i = 0; i < specs.length; i++) {
    const spec = specs[i];
    if (spec !== undefined && (!isFloat(spec.dtype) || spec.dtype !== specs[0]!.dtype))
      throw new DTypeError(`${op}: takes float32, got ${spec.dtype}; cast it`);
  }
}

/** f(x). Half-precision x is computed in float32 and rounded once, since a long sum would overflow in half precision. */
export function inFloat32(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return isHalf(x.dtype) ? f(x.cast('float32')).cast(x.dtype) : f(x);
}
