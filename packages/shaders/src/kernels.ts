// All kernels of this package. A new one is a file in `kernels/` and a line here.

import type { KernelTable } from '@sinapse/core';
import { fill } from './kernels/fill.ts';
import { moves } from './kernels/move.ts';
import type { Kernels, ShaderDevice } from './pass.ts';

const files: readonly Kernels[] = [fill, moves];

/** The kernels on a device. A backend replaces those that it computes in a faster way of its own. */
export function shaderKernels(device: ShaderDevice): Partial<KernelTable> {
  return Object.assign({}, ...files.map((kernels) => kernels(device))) as Partial<KernelTable>;
}
