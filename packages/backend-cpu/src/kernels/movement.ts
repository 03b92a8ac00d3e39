// transpose, slice, pad, concat.

import type { Kernel, Shape, View } from '@sinapse/core';
import { BYTES } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

type MovementKernel = 'transpose' | 'slice' | 'pad' | 'concat';

/** The index of the first axis's arguments of `copy`. Each axis has three: length, stride in x, stride in y. */
const AXES = 4;

export function movementKernels(engine: Engine): { readonly [K in MovementKernel]: Kernel<K> } {
  const copy = engine.kernel('copy');
  const pad = engine.kernel('pad');
  const fill = engine.kernel('fill');

  function begin(args: Float64Array, x: View, y: View, rank: number): void {
    args[0] = addressOf(x);
    args[1] = addressOf(y);
    args[2] = BYTES[y.dtype];
    args[3] = rank;
  }

  return {
    transpose: ({ in: { x }, out: { y }, attrs: { permutation } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      const rank = x.shape.length;
      begin(args, x, y, rank);
      // In the order of x's axes; `copy` takes axes in any order.
      writeStrides(args, AXES + 1, 3, x.shape);
      for (let axis = rank - 1, stride = 1; axis >= 0; axis--) {
        const at = AXES + 3 * permutation[axis];
        args[at] = y.shape[axis];
        args[at + 2] = stride;
        stride *= y.shape[axis];
      }
      copy();
    },

    slice: ({ in: { x }, out: { y }, attrs: { begin: first, step } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      const rank = x.shape.length;
      begin(args, x, y, rank);
      writeStrides(args, AXES + 2, 3, y.shape);
      let offset = 0;
      for (let axis = rank - 1, stride = 1; axis >= 0; axis--) {
        const at = AXES + 3 * axis;
        args[at] = y.shape[axis];
        args[at + 1] = step[axis] * stride;
        offset += first[axis] * stride;
        stride *= x.shape[axis];
      }
      args[0] += offset * BYTES[x.dtype];
      copy();
    },

    pad: ({ in: { x }, out: { y }, attrs: { before, after, interior }, scalars: { value } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      // As an array of y's type would store it.
      const own = y.dtype === 'float32' ? value : y.dtype === 'int32' ? value | 0 : value & 255;
      if (x.size === 0) {
        args[0] = addressOf(y);
        args[1] = y.size;
        args[2] = dtypeNumber(y.dtype);
        args[3] = own;
        return fill();
      }
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = y.size;
      args[3] = dtypeNumber(y.dtype);
      args[4] = own;
      args[5] = x.shape.length;
      for (let axis = 0, at = 6; axis < x.shape.length; axis++, at += 4) {
        args[at] = x.shape[axis];
        args[at + 1] = before[axis];
        args[at + 2] = after[axis];
        args[at + 3] = interior[axis];
      }
      pad();
    },

    // One copy for each part: from its rows to parts of y's rows.
    concat: ({ in: { xs }, out: { y }, attrs: { axis } }) => {
      if (y.size === 0) return;
      let inner = 1;
      for (let i = axis + 1; i < y.shape.length; i++) inner *= y.shape[i];
      const row = y.shape[axis] * inner;
      const rows = y.size / row;
      let at = 0;
      for (const x of xs) {
        const length = x.shape[axis] * inner;
        if (length === 0) continue;
        const args = engine.arguments;
        begin(args, x, y, 2);
        args[1] += at * BYTES[y.dtype];
        args[AXES] = rows;
        args[AXES + 1] = length;
        args[AXES + 2] = row;
        args[AXES + 3] = length;
        args[AXES + 4] = 1;
        args[AXES + 5] = 1;
        copy();
        at += length;
      }
    },
  };
}

/** Writes the row-major strides of a shape to every `apart`-th argument from `at` on. */
function writeStrides(args: Float64Array, at: number, apart: number, shape: Shape): void {
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    args[at + apart * axis] = stride;
    stride *= shape[axis];
  }
}
