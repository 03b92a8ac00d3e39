// Batch normalisation and its gradient.

import type { Kernel } from '@sinapse/core';
import { activationNumber, addressOrNull } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

export function batchNormKernels(engine: Engine): {
  readonly batchNorm: Kernel<'batchNorm'>;
  readonly batchNormGrad: Kernel<'batchNormGrad'>;
} {
  const forward = engine.kernel('batch_norm');
  const backward = engine.kernel('batch_norm_grad');
  return {
    batchNorm: ({ in: { x, scale, offset, residual }, out: { y, mean, variance }, attrs: { activation }, scalars: { alpha, epsilon } }) => {
      if (scale.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(scale);
      args[2] = addressOf(offset);
      args[3] = addressOrNull(residual);
      args[4] = addressOf(y);
      args[5] = addressOf(mean);
      args[6] = addressOf(variance);
      args[7] = x.size / scale.size;
      args[8] = scale.size;
      args[9] = activationNumber(activation);
      args[10] = alpha;
      args[11] = epsilon;
      forward();
    },

    batchNormGrad: (call) => {
      const { x, y, dy, scale, mean, variance } = call.in;
      const { dx, dscale, doffset, dresidual } = call.out;
      if (scale.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = addressOf(dy);
      args[3] = addressOf(scale);
      args[4] = addressOf(mean);
      args[5] = addressOf(variance);
      args[6] = addressOf(dx);
      args[7] = addressOf(dscale);
      args[8] = addressOf(doffset);
      args[9] = call.attrs.residual ? addressOf(dresidual) : 0;
      args[10] = x.size / scale.size;
      args[11] = scale.size;
      args[12] = activationNumber(call.attrs.activation);
      args[13] = call.scalars.alpha;
      args[14] = call.scalars.epsilon;
      backward();
    },
  };
}
