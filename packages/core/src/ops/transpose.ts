// Permutation of axes.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { ShapeError } from '../contract/errors.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkIsList, formatShape, normalizeAxis } from '../contract/shape.ts';
import { shown } from '../contract/shown.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { reshape } from './reshape.ts';

export const transposeKernel: KernelDefinition<'transpose', Tensor> = defineKernel({
  name: 'transpose',
  moves: true,
  infer: ({ x }, { permutation }) => {
    const rank = x.shape.length;
    if (
      permutation.length !== rank ||
      new Set(permutation).size !== rank ||
      permutation.some((axis) => !Number.isInteger(axis) || axis < 0 || axis >= rank)
    ) {
      throw new ShapeError(`transpose: ${shown(permutation)} is not an order of the ${rank} axes of ${formatShape(x.shape)}`);
    }
    return {
      y: specOf(
        x.dtype,
        permutation.map((axis) => x.shape[axis]!),
      ),
    };
  },
});

const transposeRule: Rule<'transpose'> = {
  kernel: transposeKernel,
  save: [],
  gradient: ({ d, attrs }) => {
    const inverse = attrs.permutation.map((_, i) => attrs.permutation.indexOf(i));
    return { x: d.y && transpose(d.y, inverse) };
  },
};

/**
 * Axis i of the result is axis `permutation[i]` of x. Without a permutation the order of the axes is reversed.
 * @throws ShapeError when `permutation` is not a permutation of the axes
 */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  checkTensor('transpose', x);
  if (permutation !== undefined) checkIsList('transpose', permutation, 'a list of axes');
  const rank = x.shape.length;
  const order = Array.from({ length: permutation?.length ?? rank }, (_, i) => {
    const axis = permutation === undefined ? rank - 1 - i : permutation[i]!;
    return Number.isInteger(axis) && axis < 0 ? axis + rank : axis;
  });
  if (order.length === rank && order.every((axis, i) => axis === i)) return reshape(x, x.shape);
  return apply(transposeRule, { x }, { permutation: order }, NO_SCALARS, x).y;
}

/** x with axis `from` moved to position `to`; the other axes keep their order. */
export function moveAxis(x: Tensor, from: number, to: number): Tensor {
  checkTensor('moveAxis', x);
  const rank = x.shape.length;
  const source = normalizeAxis('moveAxis', from, rank);
  const target = normalizeAxis('moveAxis', to, rank);
  const order = Array.from({ length: rank }, (_, i) => i).filter((axis) => axis !== source);
  order.splice(target, 0, source);
  return transpose(x, order);
}

/** x with two axes exchanged. */
export function swapAxes(x: Tensor, a: number, b: number): Tensor {
  checkTensor('swapAxes', x);
  const rank = x.shape.length;
  const [first, second] = [normalizeAxis('swapAxes', a, rank), normalizeAxis('swapAxes', b, rank)];
  return transpose(x, Array.from({ length: rank }, (_, i) => (i === first ? second : i === second ? first : i))); // prettier-ignore
}
