// Every kernel's definition, by name: for tools that go through the whole table, such as the conformance suite.

import type { KernelDefinition, KernelName } from './kernels.ts';
import { biasActivationGradKernel, biasActivationKernel } from './ops/activation.ts';
import { argReduceKernel } from './ops/arg-reduce.ts';
import { batchNormGradKernel, batchNormKernel } from './ops/batch-norm.ts';
import { binaryKernel, binaryScalarKernel } from './ops/binary.ts';
import { castKernel } from './ops/cast.ts';
import { concatKernel } from './ops/concat.ts';
import { conv2dFilterGradKernel, conv2dInputGradKernel, conv2dKernel } from './ops/conv2d.ts';
import { cumulativeSumKernel } from './ops/cumulative.ts';
import { dropoutKernel } from './ops/dropout.ts';
import { fillKernel } from './ops/fill.ts';
import { gatherKernel, scatterAddKernel } from './ops/gather.ts';
import { gruCellGradKernel, gruCellKernel } from './ops/gru-cell.ts';
import { linearKernel } from './ops/linear.ts';
import { lstmCellGradKernel, lstmCellKernel } from './ops/lstm-cell.ts';
import { matmulKernel } from './ops/matmul.ts';
import { adamStepKernel, sgdStepKernel } from './ops/optimizer-steps.ts';
import { avgPool2dGradKernel, avgPool2dKernel, maxPool2dGradKernel, maxPool2dKernel } from './ops/pool2d.ts';
import { randomBitsKernel } from './ops/random.ts';
import { selectKernel } from './ops/select.ts';
import { padKernel, sliceKernel } from './ops/slice.ts';
import { softmaxCrossEntropyKernel } from './ops/softmax-cross-entropy.ts';
import { logSoftmaxKernel, logSumExpKernel, softmaxKernel } from './ops/softmax.ts';
import { sortKernel } from './ops/sort.ts';
import { broadcastToKernel, reduceKernel } from './ops/sum.ts';
import { transposeKernel } from './ops/transpose.ts';
import { unaryKernel } from './ops/unary.ts';
import type { Tensor } from './tensor/tensor.ts';

export const kernelDefinitions: { readonly [K in KernelName]: KernelDefinition<K, Tensor> } = {
  fill: fillKernel,
  cast: castKernel,
  unary: unaryKernel,
  binary: binaryKernel,
  select: selectKernel,
  broadcastTo: broadcastToKernel,
  reduce: reduceKernel,
  matmul: matmulKernel,
  transpose: transposeKernel,
  slice: sliceKernel,
  pad: padKernel,
  concat: concatKernel,
  gather: gatherKernel,
  scatterAdd: scatterAddKernel,
  binaryScalar: binaryScalarKernel,
  randomBits: randomBitsKernel,
  dropout: dropoutKernel,
  argReduce: argReduceKernel,
  cumulativeSum: cumulativeSumKernel,
  sort: sortKernel,
  biasActivation: biasActivationKernel,
  biasActivationGrad: biasActivationGradKernel,
  linear: linearKernel,
  softmax: softmaxKernel,
  logSoftmax: logSoftmaxKernel,
  logSumExp: logSumExpKernel,
  softmaxCrossEntropy: softmaxCrossEntropyKernel,
  conv2d: conv2dKernel,
  conv2dInputGrad: conv2dInputGradKernel,
  conv2dFilterGrad: conv2dFilterGradKernel,
  batchNorm: batchNormKernel,
  batchNormGrad: batchNormGradKernel,
  lstmCell: lstmCellKernel,
  lstmCellGrad: lstmCellGradKernel,
  gruCell: gruCellKernel,
  gruCellGrad: gruCellGradKernel,
  maxPool2d: maxPool2dKernel,
  maxPool2dGrad: maxPool2dGradKernel,
  avgPool2d: avgPool2dKernel,
  avgPool2dGrad: avgPool2dGradKernel,
  sgdStep: sgdStepKernel,
  adamStep: adamStepKernel,
};
