// reduce.

import type { Kernel } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';
import { REDUCE_OPS } from '../engine/names.ts';

export function reduceKernels(engine: Engine): { readonly reduce: Kernel<'reduce'> } {
  const run = engine.kernel('reduce');
  return {
    reduce: ({ in: { x }, out: { y }, attrs: { op, axes } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      const rank = x.shape.length;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = x.size;
      args[3] = y.size;
      args[4] = dtypeNumber(x.dtype);
      args[5] = REDUCE_OPS[op];
      args[6] = rank;
      // y is read as x stretched along the reduced axes, with strides 0 there.
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
      run();
    },
  };
}
