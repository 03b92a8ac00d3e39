// reduce and norm.

import type { Attrs, Kernel, View } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';
import { REDUCE_OPS } from '../engine/names.ts';

export function reduceKernels(engine: Engine): { readonly reduce: Kernel<'reduce'>; readonly norm: Kernel<'norm'> } {
  const reduce = engine.kernel('reduce');
  const norm = engine.kernel('norm');
  return {
    reduce: ({ in: { x }, out: { y }, attrs }) => {
      if (y.size === 0) return;
      writeReduction(engine.arguments, x, y, attrs);
      engine.arguments[5] = REDUCE_OPS[attrs.op];
      reduce();
    },
    norm: ({ in: { x }, out: { y }, attrs }) => {
      if (y.size === 0) return;
      writeReduction(engine.arguments, x, y, attrs);
      norm();
    },
  };
}

/** Writes the arguments of a reduction, but for the operation. y is read as x stretched along the reduced axes, with strides 0 there. */
function writeReduction(args: Float64Array, x: View, y: View, { axes }: Attrs<'norm'>): void {
  const rank = x.shape.length;
  args[0] = addressOf(x);
  args[1] = addressOf(y);
  args[2] = x.size;
  args[3] = y.size;
  args[4] = dtypeNumber(x.dtype);
  args[5] = 0;
  args[6] = rank;
  let next = axes.length - 1;
  for (let axis = rank - 1, xStride = 1, yStride = 1; axis >= 0; axis--) {
    const length = x.shape[axis];
    const at = 7 + 3 * axis;
    const reduced = axes[next] === axis;
    args[at] = length;
    args[at + 1] = xStride;
    args[at + 2] = reduced ? 0 : yStride;
    xStride *= length;
    if (reduced) next--;
    else yStride *= length;
  }
}
