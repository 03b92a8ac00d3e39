// Several axes moved to the end and merged into one, for ops that work along the last axis.

import { lengthsOf, sizeOf } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { reshape } from './reshape.ts';

/** The order in which the given axes come last. */
export function axesLast(axes: readonly number[], { shape }: Spec): number[] {
  return [...shape.map((_, i) => i).filter((i) => !axes.includes(i)), ...axes];
}

/** x with its last `count` axes merged into one. */
export function mergedLast(x: Tensor, count: number): Tensor {
  const kept = x.shape.length - count;
  return reshape(x, [...lengthsOf(x.shape, 0, kept), sizeOf(lengthsOf(x.shape, kept))]);
}
