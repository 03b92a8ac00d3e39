// unary, cast.

import type { Kernel } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';
import { UNARY_OPS } from '../engine/names.ts';

export function unaryKernels(engine: Engine): { readonly unary: Kernel<'unary'>; readonly cast: Kernel<'cast'> } {
  const run = engine.kernel('unary');
  const runCast = engine.kernel('cast');
  return {
    unary: ({ in: { x }, out: { y }, attrs: { op } }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = y.size;
      args[3] = dtypeNumber(x.dtype);
      args[4] = UNARY_OPS[op];
      run();
    },

    cast: ({ in: { x }, out: { y } }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = y.size;
      args[3] = dtypeNumber(x.dtype);
      args[4] = dtypeNumber(y.dtype);
      runCast();
    },
  };
}
