// The list of layers. A model file names layers; whoever opens it gives this list, or a shorter one, so that a file never decides what code runs.

import { activation } from './activation.ts';
import { activityRegularization } from './activity-regularization.ts';
import { alphaDropout } from './alpha-dropout.ts';
import { adaptiveAvgPool1d } from './adaptive-avg-pool1d.ts';
import { adaptiveAvgPool2d } from './adaptive-avg-pool2d.ts';
import { adaptiveAvgPool3d } from './adaptive-avg-pool3d.ts';
import { adaptiveMaxPool1d } from './adaptive-max-pool1d.ts';
import { adaptiveMaxPool2d } from './adaptive-max-pool2d.ts';
import { adaptiveMaxPool3d } from './adaptive-max-pool3d.ts';
import { avgPool1d } from './avg-pool1d.ts';
import { avgPool2d } from './avg-pool2d.ts';
import { avgPool3d } from './avg-pool3d.ts';
import { batchNorm } from './batch-norm.ts';
import { branches } from './branches.ts';
import { convNorm } from './conv-norm.ts';
import { conv1d } from './conv1d.ts';
import { conv1dTranspose } from './conv1d-transpose.ts';
import { conv2d } from './conv2d.ts';
import { conv2dTranspose } from './conv2d-transpose.ts';
import { conv3d } from './conv3d.ts';
import { conv3dTranspose } from './conv3d-transpose.ts';
import { cropping1d } from './cropping1d.ts';
import { cropping2d } from './cropping2d.ts';
import { cropping3d } from './cropping3d.ts';
import { dense } from './dense.ts';
import { denseConnection } from './dense-connection.ts';
import { depthwiseConv2d } from './depthwise-conv2d.ts';
import { dropout } from './dropout.ts';
import { embedding } from './embedding.ts';
import { flatten } from './flatten.ts';
import { gaussianDropout } from './gaussian-dropout.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { globalAvgPool2d } from './global-avg-pool2d.ts';
import { graph } from './graph/graph.ts';
import { groupNorm } from './group-norm.ts';
import { identityShortcut } from './identity-shortcut.ts';
import { instanceNorm } from './instance-norm.ts';
import type { AnyLayer } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { maxPool2d } from './max-pool2d.ts';
import { add } from './merge/add.ts';
import { average } from './merge/average.ts';
import { concatenate } from './merge/concatenate.ts';
import { maximum } from './merge/maximum.ts';
import { multiply } from './merge/multiply.ts';
import { multiHeadAttention } from './multi-head-attention.ts';
import { permute } from './permute.ts';
import { positionEmbedding } from './position-embedding.ts';
import { positionalEncoding } from './positional-encoding.ts';
import { prelu } from './prelu.ts';
import { pruned } from './pruning/pruned.ts';
import { repeatVector } from './repeat-vector.ts';
import { reshape } from './reshape.ts';

import { residual } from './residual.ts';
import { rmsNorm } from './rms-norm.ts';
import { sequential } from './sequential.ts';
import { spatialDropout1d, spatialDropout2d, spatialDropout3d } from './spatial-dropout.ts';
import { stochasticDepth } from './stochastic-depth.ts';
import { globalAvgPool1d } from './global-avg-pool1d.ts';
import { globalAvgPool3d } from './global-avg-pool3d.ts';
import { globalMaxPool1d } from './global-max-pool1d.ts';
import { globalMaxPool2d } from './global-max-pool2d.ts';
import { globalMaxPool3d } from './global-max-pool3d.ts';
import { localResponseNorm } from './local-response-norm.ts';
import { maxPool1d } from './max-pool1d.ts';
import { maxPool3d } from './max-pool3d.ts';
import { separableConv1d } from './separable-conv1d.ts';
import { separableConv2d } from './separable-conv2d.ts';
import { upSampling1d } from './up-sampling1d.ts';
import { upSampling2d } from './up-sampling2d.ts';
import { upSampling3d } from './up-sampling3d.ts';
import { zeroPadding1d } from './zero-padding1d.ts';
import { zeroPadding2d } from './zero-padding2d.ts';
import { zeroPadding3d } from './zero-padding3d.ts';

/**
 * The functions that make layers, by the names that model files call them. Add your own: `{ ...allLayers, myLayer }`. A program that uses only
 * some layers is smaller when it lists those: `{ sequential, conv2d, flatten, dense }`.
 */
export const allLayers: Readonly<Record<string, (...given: never[]) => AnyLayer>> = {
  activation,
  activityRegularization,
  add,
  alphaDropout,
  average,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  batchNorm,
  branches,
  concatenate,
  conv2d,
  convNorm,
  dense,
  denseConnection,
  conv1d,
  conv1dTranspose,
  conv2dTranspose,
  conv3d,
  conv3dTranspose,
  cropping1d,
  cropping2d,
  cropping3d,
  depthwiseConv2d,
  dropout,
  embedding,
  flatten,
  gaussianDropout,
  gaussianNoise,
  globalAvgPool2d,
  graph,
  groupNorm,
  identityShortcut,
  instanceNorm,
  layerNorm,
  maximum,
  maxPool2d,
  multiHeadAttention,
  multiply,
  permute,
  positionalEncoding,
  positionEmbedding,
  prelu,
  repeatVector,
  reshape,
  pruned,
  residual,
  rmsNorm,
  sequential,
  spatialDropout1d,
  spatialDropout2d,
  spatialDropout3d,
  stochasticDepth,
  globalAvgPool1d,
  globalAvgPool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
  localResponseNorm,
  maxPool1d,
  maxPool3d,
  separableConv1d,
  separableConv2d,
  upSampling1d,
  upSampling2d,
  upSampling3d,
  zeroPadding1d,
  zeroPadding2d,
  zeroPadding3d,
};
