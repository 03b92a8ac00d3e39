// Borders that repeat what is inside.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import type { Pair } from '../contract/kernels.ts';
import { checkValue } from '../contract/options.ts';
import { checkShape, formatShape } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { writeAt } from '../tensor/write.ts';
import { gather } from './gather.ts';
import { reshape } from './reshape.ts';
import { sidesOf } from './slice.ts';

/**
 * Where the values of a border come from, for an axis `a b c`: 'edge' `a a|a b c|c c`, 'reflect' `c b|a b c|b a`, 'symmetric' `b a|a b c|c b`, 'wrap'
 * `b c|a b c|a b`.
 */
export type PadMode = 'edge' | 'reflect' | 'symmetric' | 'wrap';

function remainder(a: number, b: number): number {
  return ((a % b) + b) % b;
}

/** The index inside an axis that an index outside takes its value from. */
const INSIDE: Readonly<Record<PadMode, (index: number, length: number) => number>> = {
  edge: (index, length) => Math.min(Math.max(index, 0), length - 1),
  wrap: remainder,
  symmetric: (index, length) => {
    const at = remainder(index, 2 * length);
    return at < length ? at : 2 * length - 1 - at;
  },
  reflect: (index, length) => {
    if (length === 1) return 0;
    const at = remainder(index, 2 * length - 2);
    return at < length ? at : 2 * length - 2 - at;
  },
};

const MODE = check.oneOf(Object.keys(INSIDE));

/**
 * x with a border of its own values; `pad` fills one with a number. A border may be wider than x: the pattern goes on.
 * @param x any dtype
 * @param widths so many elements on every side, or for each axis its `[before, after]`
 * @throws ShapeError unless the widths are integers >= 0, a pair for each axis, and no axis with a border is empty
 */
export function padWith(x: Tensor, widths: number | readonly Pair[], mode: PadMode): Tensor {
  checkTensor('padWith', x);
  const { before, after } = sidesOf('padWith', x, widths);
  checkValue('padWith', mode, MODE, 'mode');
  const shape = x.shape.map((length, axis) => before[axis]! + length + after[axis]!);
  checkShape('padWith', shape);
  return x.shape.reduce(
    (y, length, axis) => {
      if (shape[axis] === length) return y;
      if (length === 0) throw new ShapeError(`padWith: axis ${axis} of ${formatShape(x.shape)} is empty and has no values for a border`);
      const indices = Int32Array.from({ length: shape[axis]! }, (_, i) => INSIDE[mode](i - before[axis]!, length));
      return gather(y, writeAt(x, specOf('int32', [indices.length]), indices), axis);
    },
    reshape(x, x.shape),
  );
}
