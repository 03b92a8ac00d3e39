// The list of layers. A model file names layers; whoever opens it gives this list, or a shorter one, so that a file never decides what code runs.

import { activation } from './activation.ts';
import { activityRegularization } from './activity-regularization.ts';
import { alphaDropout } from './alpha-dropout.ts';
import { avgPool2d } from './avg-pool2d.ts';
import { batchNorm } from './batch-norm.ts';
import { branches } from './branches.ts';
import { convNorm } from './conv-norm.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { denseConnection } from './dense-connection.ts';
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
import { repeatVector } from './repeat-vector.ts';
import { reshape } from './reshape.ts';
import { residual } from './residual.ts';
import { rmsNorm } from './rms-norm.ts';
import { sequential } from './sequential.ts';
import { spatialDropout1d, spatialDropout2d, spatialDropout3d } from './spatial-dropout.ts';

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
  avgPool2d,
  batchNorm,
  branches,
  concatenate,
  conv2d,
  convNorm,
  dense,
  denseConnection,
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
  residual,
  rmsNorm,
  sequential,
  spatialDropout1d,
  spatialDropout2d,
  spatialDropout3d,
};
