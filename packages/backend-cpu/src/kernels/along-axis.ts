// Kernels along one axis: argReduce, cumulativeSum, sort.

import type { Kernel, Shape } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

type AxisKernel = 'argReduce' | 'cumulativeSum' | 'sort';

export function axisKernels(engine: Engine): { readonly [K in AxisKernel]: Kernel<K> } {
  const argReduce = engine.kernel('arg_reduce');
  const cumulativeSum = engine.kernel('cumulative_sum');
  const sort = engine.kernel('sort');
  return {
    argReduce: ({ in: { x }, out: { y }, attrs: { op, axis } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = dtypeNumber(x.dtype);
      args[3] = op === 'argMax' ? 1 : 0;
      writeAround(args, 4, x.shape, axis);
      argReduce();
    },

    cumulativeSum: ({ in: { x }, out: { y }, attrs: { axis, exclusive, reverse } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = x.dtype === 'float32' ? 1 : 0;
      writeAround(args, 3, x.shape, axis);
      args[6] = exclusive ? 1 : 0;
      args[7] = reverse ? 1 : 0;
      cumulativeSum();
    },

    sort: ({ in: { x }, out: { values, indices }, attrs: { descending } }) => {
      if (x.size === 0) return;
      const args = engine.arguments;
      const length = x.shape[x.shape.length - 1];
      args[0] = addressOf(x);
      args[1] = addressOf(values);
      args[2] = addressOf(indices);
      args[3] = x.dtype === 'float32' ? 1 : 0;
      args[4] = descending ? 1 : 0;
      args[5] = x.size / length;
      args[6] = length;
      sort();
    },
  };
}

/** Writes a shape as seen from one axis: the product of the lengths outside it, its length, the product of those inside. */
function writeAround(args: Float64Array, at: number, shape: Shape, axis: number): void {
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < axis; i++) outer *= shape[i];
  for (let i = axis + 1; i < shape.length; i++) inner *= shape[i];
  args[at] = outer;
  args[at + 1] = shape[axis];
  args[at + 2] = inner;
}
