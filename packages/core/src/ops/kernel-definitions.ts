// The definition of every kernel by its name, for tools that go through all of them, such as the conformance suite.

import type { KernelName } from '../contract/kernels.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { biasActivationGradKernel, biasActivationKernel } from './activation.ts';
import { argReduceKernel } from './arg-reduce.ts';
import { batchNormGradKernel, batchNormKernel } from './batch-norm.ts';
import { binaryKernel, binaryScalarKernel } from './binary.ts';
import { castKernel } from './cast.ts';
import { concatKernel } from './concat.ts';
import { conv2dFilterGradKernel, conv2dInputGradKernel, conv2dKernel } from './conv2d.ts';
import { cumulativeSumKernel } from './cumulative.ts';
import { dropoutKernel } from './dropout.ts';
import { elementwiseKernel } from './elementwise.ts';
import { fillKernel } from './fill.ts';
import { gatherKernel, scatterAddKernel } from './gather.ts';
import { gruCellGradKernel, gruCellKernel } from './gru-cell.ts';
import { gruGradKernel, gruKernel } from './gru.ts';
import { linearKernel } from './linear.ts';
import { lstmCellGradKernel, lstmCellKernel } from './lstm-cell.ts';
import { lstmGradKernel, lstmKernel } from './lstm.ts';
import { matmulKernel } from './matmul.ts';
import { adamStepKernel, sgdStepKernel } from './optimizer-steps.ts';
import { avgPool2dGradKernel, avgPool2dKernel, maxPool2dGradKernel, maxPool2dKernel } from './pool2d.ts';
import { randomBitsKernel } from './random.ts';
import { rnnGradKernel, rnnKernel } from './rnn.ts';
import { selectKernel } from './select.ts';
import { padKernel, sliceKernel } from './slice.ts';
import { softmaxCrossEntropyKernel } from './softmax-cross-entropy.ts';
import { logSoftmaxKernel, logSumExpKernel, softmaxKernel } from './softmax.ts';
import { sortKernel } from './sort.ts';
import { normKernel } from './norm.ts';
import { broadcastToKernel, reduceKernel } from './sum.ts';
import { transposeKernel } from './transpose.ts';
import { unaryKernel } from './unary.ts';
import type { Tensor } from '../tensor/tensor.ts';

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
  elementwise: elementwiseKernel,
  randomBits: randomBitsKernel,
  dropout: dropoutKernel,
  argReduce: argReduceKernel,
  norm: normKernel,
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
  rnn: rnnKernel,
  rnnGrad: rnnGradKernel,
  lstm: lstmKernel,
  lstmGrad: lstmGradKernel,
  gru: gruKernel,
  gruGrad: gruGradKernel,
  maxPool2d: maxPool2dKernel,
  maxPool2dGrad: maxPool2dGradKernel,
  avgPool2d: avgPool2dKernel,
  avgPool2dGrad: avgPool2dGradKernel,
  sgdStep: sgdStepKernel,
  adamStep: adamStepKernel,
};
