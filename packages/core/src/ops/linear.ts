// The affine map of a dense layer: product, bias and activation in one kernel.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { ShapeError } from '../contract/errors.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkOptions } from '../contract/options.ts';
import { formatShape, lastLength, lengthsOf, sizeOf } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { FusedActivation } from './activation.ts';
import { FUSED_ACTIVATION, biasActivation, biasActivationGrad, checkBias, resolveActivation, savingOutput } from './activation.ts';
import { checkFloats } from './operands.ts';
import { matmul, precisionOf } from './matmul.ts';
import { reshape } from './reshape.ts';

export const linearKernel: KernelDefinition<'linear', Tensor> = defineKernel({
  name: 'linear',
  infer: ({ x, weight, bias }, { precision }) => {
    checkFloats('linear', x, weight, bias);
    if (x.shape.length !== 2 || weight.shape.length !== 2)
      throw new ShapeError(`linear: takes matrices, got ${formatShape(x.shape)} and ${formatShape(weight.shape)}`);
    if (x.shape[1] !== weight.shape[0])
      throw new ShapeError(
        `linear: weight ${formatShape(weight.shape)} expects ${weight.shape[0]} features, input ${formatShape(x.shape)} has ${x.shape[1]}`,
      );
    checkBias('linear', weight.shape[1]!, bias);
    return { y: specOf(precision.output, [x.shape[0]!, weight.shape[1]!]) };
  },
  lower: ({ x, weight, bias }, { activation }, { alpha }) => ({ y: biasActivation(matmul(x, weight), bias, { activation, alpha }) }),
  macs: ({ x }, { y }) => y.size * x.shape[1]!,
});

const linearRule = savingOutput<Rule<'linear'>>({
  kernel: linearKernel,
  save: [],
  saveFor: { x: ['weight'], weight: ['x'] },
  gradient: ({ d, saved, attrs, scalars, needs }) => {
    if (d.y === undefined) return {};
    const { dx: dz, dbias } = biasActivationGrad(saved.y, d.y, attrs.activation, scalars.alpha, needs.bias ?? false);
    return {
      x: needs.x && matmul(dz, saved.weight, { transposeB: true }),
      weight: needs.weight && matmul(saved.x, dz, { transposeA: true }),
      bias: dbias,
    };
  },
});

/**
 * activation(x weight + bias).
 * @param x float32 `[…, inputs]`
 * @param weight float32 `[inputs, outputs]`
 * @param bias float32 `[outputs]`
 * @returns `[…, outputs]`
 * @throws ShapeError when the inner lengths differ or the bias does not fit
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor, options: FusedActivation = {}): Tensor {
  checkTensor('linear', x);
  checkTensor('linear', weight);
  if (bias !== undefined) checkTensor('linear', bias);
  checkOptions('linear', options, FUSED_ACTIVATION);
  const { activation, alpha } = resolveActivation('linear', options);
  const features = lastLength(x.shape) ?? 0;
  const leading = lengthsOf(x.shape, 0, x.shape.length - 1);
  const rows = x.shape.length === 2 ? x : reshape(x, [sizeOf(leading), features]);
  const inputs = bias === undefined ? { x: rows, weight } : { x: rows, weight, bias };
  const y = apply(linearRule(activation), inputs, { activation, precision: precisionOf(x) }, { alpha }, x).y;
  return x.shape.length === 2 ? y : reshape(y, [...leading, weight.shape[1]!]);
}
