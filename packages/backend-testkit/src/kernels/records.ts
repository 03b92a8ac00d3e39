// The record of every kernel. The compiler refuses a kernel of core's table that has none.

import type { KernelName } from '@sinapse/core';
import type { Expectation } from '../tolerances/expectation.ts';
import { biasActivation, biasActivationGrad } from './activation.ts';
import { batchNorm, batchNormGrad } from './batch-norm.ts';
import { binary, binaryScalar } from './binary.ts';
import { cast, fill } from './cast.ts';
import { conv2d, conv2dFilterGrad, conv2dInputGrad } from './conv2d.ts';
import { elementwise } from './elementwise.ts';
import { gather, scatterAdd } from './indexing.ts';
import { linear, matmul } from './matmul.ts';
import { broadcastTo, concat, pad, slice, transpose } from './movement.ts';
import { adamStep, sgdStep } from './optimizer-steps.ts';
import { avgPool2d, avgPool2dGrad, maxPool2d, maxPool2dGrad } from './pool2d.ts';
import { dropout, randomBits } from './random.ts';
import { gruCell, gruCellGrad, lstmCell, lstmCellGrad } from './recurrent.ts';
import { argReduce, cumulativeSum, reduce, sort } from './reductions.ts';
import { select } from './select.ts';
import { logSoftmax, logSumExp, softmax, softmaxCrossEntropy } from './softmax.ts';
import { unary } from './unary.ts';
import type { KernelRecord } from './record.ts';

export const records: { readonly [K in KernelName]: KernelRecord<K> } = {
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
  elementwise,
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

export function recordOf<K extends KernelName>(kernel: K): KernelRecord<K> {
  return records[kernel] as unknown as KernelRecord<K>;
}

/** The allowed errors of every output of a call, in their order. */
export function allowedErrors<K extends KernelName>(expectation: Expectation<K>): readonly (Float64Array | undefined)[] {
  const allowed = recordOf(expectation.call.kernel).allowed?.(expectation);
  if (allowed === undefined || allowed instanceof Float64Array) return expectation.outputs.map(() => allowed);
  return allowed;
}
