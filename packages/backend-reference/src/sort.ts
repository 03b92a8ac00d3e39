// A stable merge sort of every row. It sorts indices; the values are moved when the order is known.

import type { Kernel } from '@sinapse/core';
import { valuesOf } from './storage.ts';
import { workspace } from './workspace.ts';

export const sort: Kernel<'sort'> = ({ in: { x }, out: { values, indices }, attrs: { descending } }) => {
  const length = x.shape[x.shape.length - 1];
  if (x.size === 0) return;
  const from = valuesOf(x);
  const sorted = valuesOf(values);
  const sortedIndices = valuesOf(indices);
  const keys = workspace(length);
  const order = new Int32Array(length);
  const spare = new Int32Array(length);
  for (let row = 0; row < x.size; row += length) {
    // Descending order is ascending order of the negatives: it is stable, and NaN is still last.
    for (let i = 0; i < length; i++) keys[i] = descending ? -from[x.offset + row + i] : from[x.offset + row + i];
    const result = sortIndices(keys, order, spare, length);
    for (let i = 0; i < length; i++) {
      sorted[values.offset + row + i] = from[x.offset + row + result[i]];
      sortedIndices[indices.offset + row + i] = result[i];
    }
  }
};

/** Sorts 0 .. length-1 by ascending key and returns `order` or `spare`: runs of 1, 2, 4, ... indices are merged from one array to the other. */
function sortIndices(keys: Float64Array, order: Int32Array, spare: Int32Array, length: number): Int32Array {
  for (let i = 0; i < length; i++) order[i] = i;
  let from = order;
  let to = spare;
  for (let run = 1; run < length; run *= 2) {
    for (let start = 0; start < length; start += 2 * run) {
      const middle = Math.min(start + run, length);
      const end = Math.min(start + 2 * run, length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takeRight = left === middle || (right < end && isBefore(keys[from[right]], keys[from[left]]));
        to[at] = takeRight ? from[right++] : from[left++];
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Whether a must come before b: a is less than b, or only b is NaN. */
function isBefore(a: number, b: number): boolean {
  return a < b || (b !== b && a === a);
}
