// Room for the float64 sums of a kernel. Kernels run one at a time, so they share one array.

import { allocating } from '@sinapse/core';

const KEPT = 1 << 18; // 2 MB: larger arrays are not held between calls

let shared = new Float64Array(0);

/** At least `size` doubles with undefined contents. The caller may use them until the next call, or the next kernel. */
export function workspace(size: number): Float64Array {
  if (size > KEPT) return allocating('scratch memory of a kernel', 8 * size, () => new Float64Array(size));
  if (size > shared.length) shared = new Float64Array(Math.max(1024, 2 ** Math.ceil(Math.log2(size))));
  return shared;
}

/** Bytes held between calls, by all TypeScript backends together. */
export function workspaceBytes(): number {
  return shared.byteLength;
}
