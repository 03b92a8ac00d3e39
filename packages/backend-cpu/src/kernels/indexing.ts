// gather and scatterAdd.

import type { Kernel, Shape } from '@sinapse/core';
import { readable } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

export function indexingKernels(engine: Engine): { readonly gather: Kernel<'gather'>; readonly scatterAdd: Kernel<'scatterAdd'> } {
  const gather = engine.kernel('gather');
  const scatterAdd = engine.kernel('scatter_add');
  return {
    gather: ({ in: { x, indices }, out: { y }, attrs: { axis } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(indices);
      args[2] = addressOf(y);
      args[3] = dtypeNumber(y.dtype);
      args[4] = sizeBetween(x.shape, 0, axis);
      args[5] = x.shape[axis];
      args[6] = indices.size;
      args[7] = sizeBetween(x.shape, axis + 1, x.shape.length);
      gather();
    },

    scatterAdd: ({ in: { indices, updates }, out: { y }, attrs: { axis, size } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(indices);
      args[1] = addressOf(updates);
      args[2] = addressOf(y);
      args[3] = y.dtype === 'float32' ? 1 : 0;
      args[4] = sizeBetween(y.shape, 0, axis);
      args[5] = indices.size;
      args[6] = size;
      args[7] = sizeBetween(y.shape, axis + 1, y.shape.length);
      scatterAdd();
    },
  };
}

/** The product of the lengths of axes `from` to `to` - 1. */
function sizeBetween(shape: Shape, from: number, to: number): number {
  let size = 1;
  const lengths = readable(shape);
  for (let axis = from; axis < to; axis++) size *= lengths[axis];
  return size;
}
