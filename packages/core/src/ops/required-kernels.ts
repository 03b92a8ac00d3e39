// The definitions of the required kernels. This file is separate so that importing `use` does not bring in every op.

import { binaryKernel } from './binary.ts';
import { castKernel } from './cast.ts';
import { concatKernel } from './concat.ts';
import { fillKernel } from './fill.ts';
import { gatherKernel, scatterAddKernel } from './gather.ts';
import { matmulKernel } from './matmul.ts';
import { selectKernel } from './select.ts';
import { sliceKernel, padKernel } from './slice.ts';
import { broadcastToKernel, reduceKernel } from './sum.ts';
import { transposeKernel } from './transpose.ts';
import { unaryKernel } from './unary.ts';

export const requiredDefinitions: readonly { readonly name: string; readonly version?: number }[] = [
  fillKernel,
  castKernel,
  unaryKernel,
  binaryKernel,
  selectKernel,
  broadcastToKernel,
  reduceKernel,
  matmulKernel,
  transposeKernel,
  sliceKernel,
  padKernel,
  concatKernel,
  gatherKernel,
  scatterAddKernel,
];
