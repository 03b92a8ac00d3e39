// All kernels of this package. A new one is a file in `kernels/` and a line here.

import type { KernelTable } from '@sinapse/core';
import { activation } from './kernels/activation.ts';
import { alongAxes } from './kernels/along-axis.ts';
import { batchNorm } from './kernels/batch-norm.ts';
import { concat } from './kernels/concat.ts';
import { conv2d } from './kernels/conv2d.ts';
import { each } from './kernels/each.ts';
import { elementwise } from './kernels/elementwise.ts';
import { fill } from './kernels/fill.ts';
import { gather } from './kernels/gather.ts';
import { matmul } from './kernels/matmul.ts';
import { moves } from './kernels/move.ts';
import { pad } from './kernels/pad.ts';
import { pool2d } from './kernels/pool2d.ts';
import { random } from './kernels/random.ts';
import { recurrent } from './kernels/recurrent.ts';
import { reduce } from './kernels/reduce.ts';
import { softmax } from './kernels/softmax.ts';
import type { Kernels, ShaderDevice } from './pass.ts';

const files: readonly Kernels[] = [
  fill,
  each,
  moves,
  pad,
  concat,
  gather,
  reduce,
  matmul,
  elementwise,
  activation,
  random,
  softmax,
  conv2d,
  pool2d,
  batchNorm,
  recurrent,
  alongAxes,
];

/** The kernels on a device. A backend replaces those that it computes in a faster way of its own. */
export function shaderKernels(device: ShaderDevice): Partial<KernelTable> {
  return Object.assign({}, ...files.map((kernels) => kernels(device))) as Partial<KernelTable>;
}
