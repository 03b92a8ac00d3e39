// The kernel table: every required kernel, and the derived kernels whose lowerings would take n² values for n. docs/kernels.md says what each
// computes. All other kernels run as their lowerings, which define them.

import type { DerivedKernel, Kernel, RequiredKernel } from '@sinapse/core';
import { binary } from './binary.ts';
import { cast, fill } from './cast.ts';
import { gather, scatterAdd } from './gather.ts';
import { matmul } from './matmul.ts';
import { broadcastTo, concat, pad, slice, transpose } from './movement.ts';
import { reduce } from './reduce.ts';
import { cumulativeSum } from './cumulative-sum.ts';
import { select } from './select.ts';
import { sort } from './sort.ts';
import { unary } from './unary.ts';

/** The derived kernels that the reference has. */
export type KeptKernel = Extract<DerivedKernel, 'cumulativeSum' | 'sort'>;

export const kernels: { readonly [K in RequiredKernel | KeptKernel]: Kernel<K> } = {
  fill,
  cast,
  unary,
  binary,
  select,
  broadcastTo,
  reduce,
  matmul,
  transpose,
  slice,
  pad,
  concat,
  gather,
  scatterAdd,
  cumulativeSum,
  sort,
};
