// matmul, linear.

import type { Kernel } from '@sinapse/core';
import { readable } from '@sinapse/core';
import { activationNumber, addressOrNull } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

export function matmulKernels(engine: Engine): { readonly matmul: Kernel<'matmul'>; readonly linear: Kernel<'linear'> } {
  const runMatmul = engine.kernel('matmul');
  const runLinear = engine.kernel('linear');
  return {
    matmul: ({ in: { a, b }, out: { y }, attrs: { transposeA, transposeB } }) => {
      const args = engine.arguments;
      args[0] = addressOf(a);
      args[1] = addressOf(b);
      args[2] = addressOf(y);
      const left = readable(a.shape);
      const product = readable(y.shape);
      args[3] = product[0];
      args[4] = left[0] === 1 ? 0 : 1;
      args[5] = b.shape[0] === 1 ? 0 : 1;
      args[6] = product[1];
      args[7] = product[2];
      args[8] = left[transposeA ? 1 : 2];
      args[9] = transposeA ? 1 : 0;
      args[10] = transposeB ? 1 : 0;
      runMatmul();
    },

    linear: ({ in: { x, weight, bias }, out: { y }, attrs: { activation }, scalars: { alpha } }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(weight);
      args[2] = addressOrNull(bias);
      args[3] = addressOf(y);
      const product = readable(y.shape);
      args[4] = product[0];
      args[5] = product[1];
      args[6] = x.shape[1];
      args[7] = activationNumber(activation);
      args[8] = alpha;
      runLinear();
    },
  };
}
