// Rows by index: `gather` reads them, `scatterAdd` is its gradient.

import type { Kernel } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import { copyRun } from './movement.ts';
import { valuesOf } from './storage.ts';
import { workspace } from './workspace.ts';

/** x is seen as `[outer, length, inner]`, y as `[outer, indices, inner]`. */
export const gather: Kernel<'gather'> = ({ in: { x, indices }, out: { y }, attrs: { axis } }) => {
  const length = x.shape[axis];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const outer = sizeOf(x.shape.slice(0, axis));
  const from = valuesOf(x);
  const rows = valuesOf(indices);
  const to = valuesOf(y);
  const outside = y.dtype === 'float32' ? NaN : 0;
  let at = y.offset;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < indices.size; i++) {
      const row = rows[indices.offset + i];
      if (row >= 0 && row < length) copyRun(from, x.offset + (o * length + row) * inner, to, at, inner);
      else to.fill(outside, at, at + inner);
      at += inner;
    }
  }
};

/** updates are seen as `[outer, indices, inner]`, y as `[outer, size, inner]`. */
export const scatterAdd: Kernel<'scatterAdd'> = ({ in: { indices, updates }, out: { y }, attrs: { axis, size } }) => {
  const outer = sizeOf(y.shape.slice(0, axis));
  const inner = sizeOf(y.shape.slice(axis + 1));
  const rows = valuesOf(indices);
  const from = valuesOf(updates);
  const to = valuesOf(y);
  const integer = y.dtype === 'int32';
  const sums = workspace(size * inner);
  for (let o = 0; o < outer; o++) {
    sums.fill(0, 0, size * inner);
    for (let i = 0; i < indices.size; i++) {
      const row = rows[indices.offset + i];
      if (row < 0 || row >= size) continue;
      const sumAt = row * inner;
      const updateAt = updates.offset + (o * indices.size + i) * inner;
      if (integer) for (let j = 0; j < inner; j++) sums[sumAt + j] = (sums[sumAt + j] + from[updateAt + j]) | 0;
      else for (let j = 0; j < inner; j++) sums[sumAt + j] += from[updateAt + j];
    }
    const at = y.offset + o * size * inner;
    for (let j = 0; j < size * inner; j++) to[at + j] = sums[j];
  }
};
