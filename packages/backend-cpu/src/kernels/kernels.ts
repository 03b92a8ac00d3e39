// The kernel table of the C++ engines: each group binds its functions to an engine.

import type { KernelTable } from '@sinapse/core';
import type { Engine } from '../engine/engine.ts';
import type { Memory } from '../engine/memory.ts';
import { convolutionKernels } from './convolution.ts';
import { fillKernels } from './fill.ts';
import { matmulKernels } from './matmul.ts';
import { indexingKernels } from './indexing.ts';
import { movementKernels } from './movement.ts';
import { reduceKernels } from './reduce.ts';

export function createKernels(engine: Engine, memory: Memory): KernelTable {
  return {
    ...convolutionKernels(engine, memory),
    ...fillKernels(engine),
    ...matmulKernels(engine),
    ...movementKernels(engine),
    ...indexingKernels(engine),
    ...reduceKernels(engine),
  } as unknown as KernelTable;
}
