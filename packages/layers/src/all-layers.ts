// The list of layers. A model file names layers; whoever opens it gives this list, or a shorter one, so that a file never decides what code runs.

import { activation } from './activation.ts';
import { activityRegularization } from './activity-regularization.ts';
import { avgPool2d } from './avg-pool2d.ts';
import { batchNorm } from './batch-norm.ts';
import { convNorm } from './conv-norm.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { globalAvgPool2d } from './global-avg-pool2d.ts';
import { identityShortcut } from './identity-shortcut.ts';
import type { Layer } from './layer.ts';
import { maxPool2d } from './max-pool2d.ts';
import { residual } from './residual.ts';
import { sequential } from './sequential.ts';

/**
 * The functions that make layers, by the names that model files call them. Add your own: `{ ...allLayers, myLayer }`. A program that uses only
 * some layers is smaller when it lists those: `{ sequential, conv2d, flatten, dense }`.
 */
export const allLayers: Readonly<Record<string, (...given: never[]) => Layer>> = {
  activation,
  activityRegularization,
  avgPool2d,
  batchNorm,
  convNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAvgPool2d,
  identityShortcut,
  maxPool2d,
  residual,
  sequential,
};
