// randomBits, dropout.

import type { Kernel } from '@sinapse/core';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

export function randomKernels(engine: Engine): { readonly randomBits: Kernel<'randomBits'>; readonly dropout: Kernel<'dropout'> } {
  const run = engine.kernel('randomBits');
  const runDropout = engine.kernel('dropout');
  return {
    randomBits: ({ out: { y }, scalars: { keyLow, keyHigh } }) => {
      const args = engine.arguments;
      args[0] = addressOf(y);
      args[1] = y.size;
      args[2] = keyLow;
      args[3] = keyHigh;
      run();
    },

    dropout: ({ in: { x }, out: { y }, scalars: { keyLow, keyHigh, rate } }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = y.size;
      args[3] = keyLow;
      args[4] = keyHigh;
      args[5] = Math.round(rate * 0x1000000);
      args[6] = 1 / (1 - rate);
      runDropout();
    },
  };
}
