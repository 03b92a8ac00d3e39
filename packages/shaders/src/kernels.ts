// All kernels of this package. A new one is a file in `kernels/` and a line here.

import type { KernelTable } from '@sinapse/core';
import { concat } from './kernels/concat.ts';
import { each } from './kernels/each.ts';
import { fill } from './kernels/fill.ts';
import { gather } from './kernels/gather.ts';
import { matmul } from './kernels/matmul.ts';
import { moves } from './kernels/move.ts';
import { pad } from './kernels/pad.ts';
import { reduce } from './kernels/reduce.ts';
import type { Kernels, ShaderDevice } from './pass.ts';

const files: readonly Kernels[] = [fill, each, moves, pad, concat, gather, reduce, matmul];

/** The kernels on a device. A backend replaces those that it computes in a faster way of its own. */
export function shaderKernels(device: ShaderDevice): Partial<KernelTable> {
  return Object.assign({}, ...files.map((kernels) => kernels(device))) as Partial<KernelTable>;
}
