// biasActivation, biasActivationGrad.

import type { Kernel } from '@sinapse/core';
import { activationNumber, addressOrNull } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

type ActivationKernel = 'biasActivation' | 'biasActivationGrad';

export function activationKernels(engine: Engine): { readonly [K in ActivationKernel]: Kernel<K> } {
  const run = engine.kernel('biasActivation');
  const runGrad = engine.kernel('biasActivationGrad');
  return {
    biasActivation: ({ in: { x, bias }, out: { y }, attrs: { activation }, scalars: { alpha } }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOrNull(bias);
      args[2] = addressOf(y);
      args[3] = y.size;
      args[4] = bias === undefined ? 1 : bias.size;
      args[5] = activationNumber(activation);
      args[6] = alpha;
      run();
    },

    biasActivationGrad: ({ in: { y, dy }, out: { dx, dbias }, attrs: { activation, bias }, scalars: { alpha } }) => {
      const args = engine.arguments;
      args[0] = addressOf(y);
      args[1] = addressOf(dy);
      args[2] = addressOf(dx);
      args[3] = bias ? addressOf(dbias) : 0;
      args[4] = y.size;
      args[5] = dbias.size;
      args[6] = activationNumber(activation);
      args[7] = alpha;
      runGrad();
    },
  };
}
