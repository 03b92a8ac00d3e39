// fill.

import type { Kernel } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

export function fillKernels(engine: Engine): { readonly fill: Kernel<'fill'> } {
  const run = engine.kernel('fill');
  return {
    fill: ({ out: { y }, scalars: { value } }) => {
      const args = engine.arguments;
      args[0] = addressOf(y);
      args[1] = y.size;
      args[2] = dtypeNumber(y.dtype);
      args[3] = value;
      run();
    },
  };
}
