// The kernel table of the C++ engines: each group binds its functions to an engine.

import type { KernelTable } from '@sinapse/core';
import type { Engine } from '../engine/engine.ts';
import type { Memory } from '../engine/memory.ts';
import { activationKernels } from './activation.ts';
import { axisKernels } from './along-axis.ts';
import { batchNormKernels } from './batch-norm.ts';
import { binaryKernels } from './binary.ts';
import { convolutionKernels } from './convolution.ts';
import { elementwiseKernels } from './elementwise.ts';
import { fillKernels } from './fill.ts';
import { indexingKernels } from './indexing.ts';
import { matmulKernels } from './matmul.ts';
import { movementKernels } from './movement.ts';
import { optimizerKernels } from './optimizers.ts';
import { poolKernels } from './pool.ts';
import { randomKernels } from './random.ts';
import { recurrentKernels } from './recurrent.ts';
import { reduceKernels } from './reduce.ts';
import { selectKernels } from './select.ts';
import { sequenceKernels } from './sequences.ts';
import { softmaxKernels } from './softmax.ts';
import { unaryKernels } from './unary.ts';

export function createKernels(engine: Engine, memory: Memory): KernelTable {
  return {
    ...convolutionKernels(engine, memory),
    ...fillKernels(engine),
    ...activationKernels(engine),
    ...binaryKernels(engine),
    ...elementwiseKernels(engine, memory),
    ...optimizerKernels(engine),
    ...randomKernels(engine),
    ...selectKernels(engine),
    ...unaryKernels(engine),
    ...matmulKernels(engine),
    ...movementKernels(engine),
    ...indexingKernels(engine),
    ...reduceKernels(engine),
    ...poolKernels(engine),
    ...batchNormKernels(engine),
    ...recurrentKernels(engine),
    ...sequenceKernels(engine),
    ...softmaxKernels(engine),
    ...axisKernels(engine),
  };
}
