// Products summed over several axes of two tensors.

import { ShapeError } from '../contract/errors.ts';
import { checkIsList, formatShape, lengthsOf, normalizeAxis, sizeOf } from '../contract/shape.ts';
import { shown } from '../contract/shown.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { matmul } from './matmul.ts';
import { checkFloats } from './operands.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';

/**
 * The sum of products over pairs of axes: axis `axes[0][i]` of a goes with axis `axes[1][i]` of b. A number n stands for the last n axes of a and the
 * first n of b, in order: 1 is the matrix product, 0 the outer product.
 * @param a float32
 * @param b float32
 * @returns the other axes of a, then those of b
 * @throws ShapeError when paired axes differ in length, or an axis is named twice or out of range
 */
export function tensorDot(a: Tensor, b: Tensor, axes: number | readonly [readonly number[], readonly number[]] = 2): Tensor {
  checkTogether('tensorDot', [a, b]);
  checkFloats('tensorDot', a, b);
  const [ofA, ofB] = typeof axes === 'number' ? innermost(a, b, axes) : named(a, b, axes);
  ofA.forEach((axis, i) => {
    if (a.shape[axis] !== b.shape[ofB[i]!])
      throw new ShapeError(
        `tensorDot: axis ${axis} of ${formatShape(a.shape)} and axis ${ofB[i]} of ${formatShape(b.shape)} differ in length`,
      );
  });
  const restOf = (x: Tensor, summed: readonly number[]): number[] => x.shape.map((_, i) => i).filter((i) => !summed.includes(i));
  const [restA, restB] = [restOf(a, ofA), restOf(b, ofB)];
  const count = sizeOf(ofA.map((axis) => a.shape[axis]!));
  const shape = [...restA.map((axis) => a.shape[axis]!), ...restB.map((axis) => b.shape[axis]!)];
  const rows = reshape(transpose(a, [...restA, ...ofA]), [sizeOf(lengthsOf(shape, 0, restA.length)), count]);
  const columns = reshape(transpose(b, [...ofB, ...restB]), [count, sizeOf(lengthsOf(shape, restA.length))]);
  return reshape(matmul(rows, columns), shape);
}

function innermost(a: Tensor, b: Tensor, count: number): [number[], number[]] {
  const most = Math.min(a.shape.length, b.shape.length);
  if (!Number.isInteger(count) || count < 0 || count > most)
    throw new ShapeError(
      `tensorDot: axes = ${shown(count)} is not within 0 .. ${most}, the axes of ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  return [Array.from({ length: count }, (_, i) => a.shape.length - count + i), Array.from({ length: count }, (_, i) => i)];
}

function named(a: Tensor, b: Tensor, axes: readonly [readonly number[], readonly number[]]): [number[], number[]] {
  const expected = 'a number of axes or two lists of axes, e.g. [[1], [0]]';
  checkIsList('tensorDot', axes, expected);
  const [ofA, ofB] = [a, b].map((x, i) => {
    const list: unknown = axes[i];
    checkIsList('tensorDot', list, expected);
    const normal = Array.from(list as number[], (axis) => normalizeAxis('tensorDot', axis, x.shape.length));
    if (new Set(normal).size !== normal.length) throw new ShapeError(`tensorDot: axes ${shown(list)} name one axis twice`);
    return normal;
  }) as [number[], number[]];
  if (ofA.length !== ofB.length) throw new ShapeError(`tensorDot: ${ofA.length} axes of a and ${ofB.length} of b cannot be paired`);
  return [ofA, ofB];
}
