// select, broadcastTo.

import type { Kernel } from '@sinapse/core';
import { BYTES } from '@sinapse/core';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';
import { writeAxes, writeStrides } from './broadcast.ts';

export function selectKernels(engine: Engine): { readonly select: Kernel<'select'>; readonly broadcastTo: Kernel<'broadcastTo'> } {
  const run = engine.kernel('select');
  const runBroadcastTo = engine.kernel('broadcastTo');
  return {
    select: ({ in: { condition, a, b }, out: { y } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(condition);
      args[1] = addressOf(a);
      args[2] = addressOf(b);
      args[3] = addressOf(y);
      args[4] = BYTES[y.dtype];
      writeAxes(args, 5, y.shape, 3);
      writeStrides(args, 5, y.shape, 3, 0, condition.shape);
      writeStrides(args, 5, y.shape, 3, 1, a.shape);
      writeStrides(args, 5, y.shape, 3, 2, b.shape);
      run();
    },

    broadcastTo: ({ in: { x }, out: { y } }) => {
      if (y.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = BYTES[y.dtype];
      writeAxes(args, 3, y.shape, 1);
      writeStrides(args, 3, y.shape, 1, 0, x.shape);
      runBroadcastTo();
    },
  };
}
