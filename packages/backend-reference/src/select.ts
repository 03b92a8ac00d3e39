// condition ? a : b, all three broadcast.

import type { Kernel, TypedArray, View } from '@sinapse/core';
import { broadcastStrides, collapse } from './strides.ts';
import { valuesOf } from './storage.ts';

/** The state of an operand in the loops. */
interface Operand {
  readonly values: TypedArray;
  readonly strides: readonly number[];
}

export const select: Kernel<'select'> = ({ in: { condition, a, b }, out: { y } }) => {
  if (y.size === 0) return;
  const { lengths, strides } = collapse(y.shape, ...[condition, a, b].map((operand) => broadcastStrides(operand.shape, y.shape)));
  const operand = (view: View, index: number): Operand => ({ values: valuesOf(view), strides: strides[index] });
  loops(lengths, 0, operand(condition, 0), condition.offset, operand(a, 1), a.offset, operand(b, 2), b.offset, valuesOf(y), y.offset);
};

/** Writes y in order and returns the index of the next element. */
function loops(
  lengths: readonly number[],
  level: number,
  condition: Operand,
  conditionAt: number,
  a: Operand,
  aAt: number,
  b: Operand,
  bAt: number,
  y: TypedArray,
  yAt: number,
): number {
  const length = lengths[level];
  const conditionStep = condition.strides[level];
  const aStep = a.strides[level];
  const bStep = b.strides[level];
  if (level < lengths.length - 1) {
    let at = yAt;
    for (let i = 0; i < length; i++) {
      at = loops(lengths, level + 1, condition, conditionAt + i * conditionStep, a, aAt + i * aStep, b, bAt + i * bStep, y, at);
    }
    return at;
  }
  const chosen = condition.values;
  const whenTrue = a.values;
  const whenFalse = b.values;
  for (let i = 0; i < length; i++, conditionAt += conditionStep, aAt += aStep, bAt += bStep) {
    y[yAt + i] = chosen[conditionAt] !== 0 ? whenTrue[aAt] : whenFalse[bAt];
  }
  return yAt + length;
}
