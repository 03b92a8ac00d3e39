// The grid of every kernel, by name.

import type { KernelName } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { batchNormCases, batchNormGradCases } from './batch-norm.ts';
import { binaryCases, binaryScalarCases, castCases, fillCases, selectCases, unaryCases } from './elementwise.ts';
import { elementwiseCases } from './elementwise-programs.ts';
import { gatherCases, scatterAddCases } from './indexing.ts';
import { broadcastToCases, concatCases, padCases, sliceCases, transposeCases } from './movement.ts';
import { logSoftmaxCases, logSumExpCases, softmaxCases, softmaxCrossEntropyCases } from './normalisation.ts';
import { adamStepCases, sgdStepCases } from './optimizer-steps.ts';
import { biasActivationCases, biasActivationGradCases, linearCases, matmulCases } from './products.ts';
import { dropoutCases, randomBitsCases } from './random.ts';
import { gruCellCases, gruCellGradCases, lstmCellCases, lstmCellGradCases } from './recurrent.ts';
import { argReduceCases, cumulativeSumCases, reduceCases, sortCases } from './reductions.ts';
import {
  avgPool2dCases,
  avgPool2dGradCases,
  conv2dCases,
  conv2dFilterGradCases,
  conv2dInputGradCases,
  maxPool2dCases,
  maxPool2dGradCases,
} from './windows.ts';

export const kernelCases: { readonly [K in KernelName]: (grid: Grid) => Cases<K> } = {
  fill: fillCases,
  cast: castCases,
  unary: unaryCases,
  binary: binaryCases,
  select: selectCases,
  broadcastTo: broadcastToCases,
  reduce: reduceCases,
  matmul: matmulCases,
  transpose: transposeCases,
  slice: sliceCases,
  pad: padCases,
  concat: concatCases,
  gather: gatherCases,
  scatterAdd: scatterAddCases,
  binaryScalar: binaryScalarCases,
  elementwise: elementwiseCases,
  randomBits: randomBitsCases,
  dropout: dropoutCases,
  argReduce: argReduceCases,
  cumulativeSum: cumulativeSumCases,
  sort: sortCases,
  biasActivation: biasActivationCases,
  biasActivationGrad: biasActivationGradCases,
  linear: linearCases,
  softmax: softmaxCases,
  logSoftmax: logSoftmaxCases,
  logSumExp: logSumExpCases,
  softmaxCrossEntropy: softmaxCrossEntropyCases,
  conv2d: conv2dCases,
  conv2dInputGrad: conv2dInputGradCases,
  conv2dFilterGrad: conv2dFilterGradCases,
  batchNorm: batchNormCases,
  batchNormGrad: batchNormGradCases,
  lstmCell: lstmCellCases,
  lstmCellGrad: lstmCellGradCases,
  gruCell: gruCellCases,
  gruCellGrad: gruCellGradCases,
  maxPool2d: maxPool2dCases,
  maxPool2dGrad: maxPool2dGradCases,
  avgPool2d: avgPool2dCases,
  avgPool2dGrad: avgPool2dGradCases,
  sgdStep: sgdStepCases,
  adamStep: adamStepCases,
};
