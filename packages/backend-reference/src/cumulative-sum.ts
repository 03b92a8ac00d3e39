// Running sums along one axis. A tensor is seen as [outer, length, inner].

import type { Kernel, Shape } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import { valuesOf } from './storage.ts';
import { workspace } from './workspace.ts';

function around(shape: Shape, axis: number): [outer: number, length: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
}

export const cumulativeSum: Kernel<'cumulativeSum'> = ({ in: { x }, out: { y }, attrs: { axis, exclusive, reverse } }) => {
  const [outer, length, inner] = around(x.shape, axis);
  const from = valuesOf(x);
  const to = valuesOf(y);
  const integer = x.dtype === 'int32';
  const sums = workspace(inner);
  for (let o = 0; o < outer; o++) {
    sums.fill(0, 0, inner);
    for (let i = 0; i < length; i++) {
      const row = (o * length + (reverse ? length - 1 - i : i)) * inner;
      for (let j = 0; j < inner; j++) {
        const before = sums[j];
        const sum = before + from[x.offset + row + j];
        sums[j] = integer ? sum | 0 : sum;
        to[y.offset + row + j] = exclusive ? before : sums[j];
      }
    }
  }
};
