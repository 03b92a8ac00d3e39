// Constant tensors.

import * as check from '../contract/checks.ts';
import type { DType } from '../contract/dtype.ts';
import type { TensorMaker } from '../tensor/tensor-maker.ts';
import { dispatch } from '../dispatch/dispatch.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkValue } from '../contract/options.ts';
import type { Shape } from '../contract/shape.ts';
import { checkShape } from '../contract/shape.ts';
import type { Scalar } from '../contract/scalar.ts';
import { specOf } from '../contract/storage.ts';
import { checkMaker, checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';

export const fillKernel: KernelDefinition<'fill', Tensor> = defineKernel({
  name: 'fill',
  infer: (_, { dtype, shape }) => {
    checkShape('fill', shape);
    return { y: specOf(dtype, shape) };
  },
});

/** A tensor of one value, on the backend of `maker` (any tensor will do). It has no gradient. */
export function fillAt(maker: TensorMaker, shape: Shape, value: Scalar, dtype: DType = 'float32'): Tensor {
  checkMaker('fillAt', maker);
  checkShape('fillAt', shape);
  checkValue('fillAt', value, check.scalar, 'value');
  return filled(maker, [...shape], value, dtype);
}

/** `fillAt` with arguments that were checked, and a shape that nobody else changes. */
export function filled(maker: TensorMaker, shape: Shape, value: Scalar, dtype: DType): Tensor {
  return dispatch(fillKernel, {}, { dtype, shape }, { value }, maker).y;
}

/** Zeros of a tensor's shape and dtype. */
export function zerosLike(x: Tensor): Tensor {
  checkTensor('zerosLike', x);
  return fillAt(x, x.shape, 0, x.dtype);
}

/** Ones of a tensor's shape and dtype. */
export function onesLike(x: Tensor): Tensor {
  checkTensor('onesLike', x);
  return fillAt(x, x.shape, 1, x.dtype);
}
