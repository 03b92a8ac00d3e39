// Choice between two tensors, element by element.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { DTypeError } from '../contract/errors.ts';
import { NO_ATTRS } from '../dispatch/attributes.ts';
import { NO_SCALARS, isScalar } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { broadcastShapes } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor, notATensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { fillAt } from './fill.ts';
import { sumTo } from './sum.ts';
import type { Operand } from './binary.ts';
import { checkWeak, isTensorOperand } from './binary.ts';

export const selectKernel: KernelDefinition<'select', Tensor> = defineKernel({
  name: 'select',
  moves: true,
  called: () => 'where',
  infer: ({ condition, a, b }) => {
    if (condition.dtype !== 'bool') throw new DTypeError(`where: the condition must be bool, got ${condition.dtype}`);
    if (a.dtype !== b.dtype) throw new DTypeError(`where: ${a.dtype} and ${b.dtype} differ in dtype; cast one of them`);
    return { y: specOf(a.dtype, broadcastShapes('where', condition.shape, broadcastShapes('where', a.shape, b.shape))) };
  },
});

const selectRule: Rule<'select'> = {
  kernel: selectKernel,
  save: ['condition'],
  gradient: ({ d, saved, specs, needs }) => {
    const dy = d.y;
    if (dy === undefined) return {};
    return {
      a: needs.a && sumTo(where(saved.condition, dy, 0), specs.a.shape),
      b: needs.b && sumTo(where(saved.condition, 0, dy), specs.b.shape),
    };
  },
};

/**
 * a where the condition holds, else b; all three broadcast. A number takes the dtype of the other operand (float32 if both are numbers), which
 * must be able to hold it. An element that is not chosen has gradient 0, even if it is NaN.
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  checkTensor('where', condition);
  const dtype = isTensorOperand(a) ? a.dtype : isTensorOperand(b) ? b.dtype : 'float32';
  const tensorOf = (value: Operand): Tensor => {
    if (isTensorOperand(value)) return value;
    if (!isScalar(value)) throw notATensor('where', value, 'tensors and numbers');
    checkWeak('where', dtype, value);
    return fillAt(condition, [], value, dtype);
  };
  return apply(selectRule, { condition, a: tensorOf(a), b: tensorOf(b) }, NO_ATTRS, NO_SCALARS, condition).y;
}
