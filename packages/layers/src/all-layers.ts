// The list of layers. A model file names layers; whoever opens it gives this list, or a shorter one, so that a file never decides what code runs.

import { activation } from './activation.ts';
import { activityRegularization } from './activity-regularization.ts';
import { avgPool2d } from './avg-pool2d.ts';
import { batchNorm } from './batch-norm.ts';
import { branches } from './branches.ts';
import { convNorm } from './conv-norm.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { denseConnection } from './dense-connection.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { globalAvgPool2d } from './global-avg-pool2d.ts';
import { graph } from './graph/graph.ts';
import { identityShortcut } from './identity-shortcut.ts';
import type { AnyLayer } from './layer.ts';
import { maxPool2d } from './max-pool2d.ts';
import { add } from './merge/add.ts';
import { average } from './merge/average.ts';
import { concatenate } from './merge/concatenate.ts';
import { maximum } from './merge/maximum.ts';
import { multiply } from './merge/multiply.ts';
import { residual } from './residual.ts';
import { sequential } from './sequential.ts';

/**
 * The functions that make layers, by the names that model files call them. Add your own: `{ ...allLayers, myLayer }`. A program that uses only
 * some layers is smaller when it lists those: `{ sequential, conv2d, flatten, dense }`.
 */
export const allLayers: Readonly<Record<string, (...given: never[]) => AnyLayer>> = {
  activation,
  activityRegularization,
  add,
  average,
  avgPool2d,
  batchNorm,
  branches,
  concatenate,
  convNorm,
  conv2d,
  dense,
  denseConnection,
  dropout,
  flatten,
  globalAvgPool2d,
  graph,
  identityShortcut,
  maxPool2d,
  maximum,
  multiply,
  residual,
  sequential,
};
