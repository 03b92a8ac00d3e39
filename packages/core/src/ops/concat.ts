// Joining tensors along an axis, existing or new.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { formatShape, normalizeAxis, sameShape } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor, checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { expandDims } from './reshape.ts';
import { slice, split } from './slice.ts';

export const concatKernel: KernelDefinition<'concat', Tensor> = defineKernel({
  name: 'concat',
  moves: true,
  infer: ({ xs }, { axis }) => {
    const first = xs[0];
    if (first === undefined) throw new SinapseError('concat: there is no tensor to join');
    let length = 0;
    for (const x of xs) {
      if (x.dtype !== first.dtype) throw new DTypeError(`concat: ${first.dtype} and ${x.dtype} differ in dtype; cast one of them`);
      if (x.shape.length !== first.shape.length || x.shape.some((n, i) => i !== axis && n !== first.shape[i])) {
        throw new ShapeError(`concat: ${formatShape(first.shape)} and ${formatShape(x.shape)} differ beside axis ${axis}`);
      }
      length += x.shape[axis]!;
    }
    return {
      y: specOf(
        first.dtype,
        first.shape.map((n, i) => (i === axis ? length : n)),
      ),
    };
  },
});

const concatRule: Rule<'concat'> = {
  kernel: concatKernel,
  save: [],
  gradient: ({ d, specs, attrs }) => ({
    xs:
      d.y &&
      split(
        d.y,
        specs.xs.map((spec) => spec.shape[attrs.axis]!),
        attrs.axis,
      ),
  }),
};

/**
 * Tensors one after another along an axis.
 * @throws ShapeError when they differ in another axis
 */
export function concat(xs: readonly Tensor[], axis = 0): Tensor {
  checkTensors('concat', xs);
  const first = xs[0];
  if (first === undefined) throw new SinapseError('concat: there is no tensor to join');
  return apply(concatRule, { xs: xs.slice() }, { axis: normalizeAxis('concat', axis, first.shape.length) }, NO_SCALARS, first).y;
}

/** Tensors of one shape side by side along a new axis. */
export function stack(xs: readonly Tensor[], axis = 0): Tensor {
  checkTensors('stack', xs);
  const first = xs[0];
  if (first === undefined) throw new SinapseError('stack: there is no tensor to join');
  const at = normalizeAxis('stack', axis, first.shape.length + 1);
  for (const { shape } of xs)
    if (!sameShape(shape, first.shape)) throw new ShapeError(`stack: ${formatShape(first.shape)} and ${formatShape(shape)} differ`);
  return concat(
    xs.map((x) => expandDims(x, at)),
    at,
  );
}

/** The slices of x along an axis, without that axis: the inverse of `stack`. */
export function unstack(x: Tensor, axis = 0): Tensor[] {
  checkTensor('unstack', x);
  const at = normalizeAxis('unstack', axis, x.shape.length);
  return Array.from({ length: x.shape[at]! }, (_, index) => slice(x, [...Array.from({ length: at }, () => null), index]));
}
