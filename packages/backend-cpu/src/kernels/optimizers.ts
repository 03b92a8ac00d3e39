// sgdStep, adamStep: one call for as many parameters as the arguments have room for.

import type { Kernel, View } from '@sinapse/core';
import { addressOrNull } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { ARGUMENT_LIMIT } from '../engine/engine.ts';

/** Runs a kernel whose arguments are: the number of parameters, `head` arguments (already written), and for each parameter its size and tensors. */
function forParameters(
  engine: Engine,
  head: number,
  run: () => void,
  params: readonly View[],
  tensors: readonly (readonly View[] | undefined)[],
): void {
  const each = 1 + tensors.length;
  const most = Math.floor((ARGUMENT_LIMIT - 1 - head) / each);
  for (let first = 0; first < params.length; first += most) {
    const count = Math.min(most, params.length - first);
    const args = engine.arguments; // the previous run may have moved them, with their contents
    args[0] = count;
    for (let i = 0, at = 1 + head; i < count; i++, at += each) {
      args[at] = params[first + i].size;
      for (let t = 0; t < tensors.length; t++) args[at + 1 + t] = addressOrNull(tensors[t]?.[first + i]);
    }
    run();
  }
}

export function optimizerKernels(engine: Engine): { readonly sgdStep: Kernel<'sgdStep'>; readonly adamStep: Kernel<'adamStep'> } {
  const runSgd = engine.kernel('sgdStep');
  const runAdam = engine.kernel('adamStep');
  return {
    sgdStep: ({ in: { param, grad, velocity, gradientScale, skip }, out, attrs: { nesterov }, scalars }) => {
      const args = engine.arguments;
      args[1] = addressOrNull(skip);
      args[2] = nesterov ? 1 : 0;
      args[3] = scalars.learningRate;
      args[4] = scalars.momentum;
      args[5] = scalars.weightDecay;
      args[6] = addressOrNull(gradientScale);
      forParameters(engine, 6, runSgd, param, [param, grad, velocity, out.param, velocity && out.velocity]);
    },

    adamStep: ({ in: { param, grad, m, v, maxV, gradientScale, skip }, out, attrs: { decoupled }, scalars }) => {
      const args = engine.arguments;
      args[1] = addressOrNull(skip);
      args[2] = decoupled ? 1 : 0;
      args[3] = scalars.learningRate;
      args[4] = scalars.weightDecay;
      args[5] = addressOrNull(gradientScale);
      args[6] = scalars.beta1;
      args[7] = scalars.beta2;
      args[8] = scalars.epsilon;
      args[9] = scalars.correction1;
      args[10] = scalars.correction2;
      forParameters(engine, 10, runAdam, param, [param, grad, m, v, maxV, out.param, out.m, out.v, maxV && out.maxV]);
    },
  };
}
