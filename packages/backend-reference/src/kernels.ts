// The kernel table: every kernel, required or derived, is here, but `elementwise`, whose lowering is its meaning. docs/kernels.md says what each computes.

import type { Kernel, KernelName } from '@sinapse/core';
import { biasActivation, biasActivationGrad } from './activation.ts';
import { batchNorm, batchNormGrad } from './batch-norm.ts';
import { binary, binaryScalar } from './binary.ts';
import { cast, fill } from './cast.ts';
import { conv2d, conv2dFilterGrad, conv2dInputGrad } from './conv.ts';
import { gather, scatterAdd } from './gather.ts';
import { linear, matmul } from './matmul.ts';
import { broadcastTo, concat, pad, slice, transpose } from './movement.ts';
import { adamStep, sgdStep } from './optimizers.ts';
import { avgPool2d, avgPool2dGrad, maxPool2d, maxPool2dGrad } from './pool.ts';
import { dropout, randomBits } from './random.ts';
import { gruCell, gruCellGrad, lstmCell, lstmCellGrad } from './recurrent.ts';
import { reduce } from './reduce.ts';
import { argReduce, cumulativeSum } from './scan.ts';
import { select } from './select.ts';
import { logSoftmax, logSumExp, softmax, softmaxCrossEntropy } from './softmax.ts';
import { sort } from './sort.ts';
import { unary } from './unary.ts';

export const kernels: { readonly [K in Exclude<KernelName, 'elementwise'>]: Kernel<K> } = {
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
  binaryScalar,
  randomBits,
  dropout,
  argReduce,
  cumulativeSum,
  sort,
  biasActivation,
  biasActivationGrad,
  linear,
  softmax,
  logSoftmax,
  logSumExp,
  softmaxCrossEntropy,
  conv2d,
  conv2dInputGrad,
  conv2dFilterGrad,
  batchNorm,
  batchNormGrad,
  lstmCell,
  lstmCellGrad,
  gruCell,
  gruCellGrad,
  maxPool2d,
  maxPool2dGrad,
  avgPool2d,
  avgPool2dGrad,
  sgdStep,
  adamStep,
};
