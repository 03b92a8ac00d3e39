// The training of usual networks runs on the shaders' own kernels: none is lowered.

import { reference } from '@sinapse/backend-reference';
import type { KernelName } from '@sinapse/core';
import { Context, kernelDefinitions, parametersOf, profile, randomNormal, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { shaderKernels } from '@sinapse/shaders';
import { expect, test } from 'vitest';
import type { NetworkName } from '../pages/bench-webgl/networks.ts';
import { networks } from '../pages/bench-webgl/networks.ts';

/** The kernels that a step of training calls, with those that lowerings call. */
function kernelsOf(name: NetworkName): readonly KernelName[] {
  const model = networks[name].model();
  const cells = parametersOf(model).map(({ cell }) => cell);
  const [x, labels] = [randomNormal([2, ...networks[name].inputShape], { seed: 1 }), tensor(Int32Array.from([3, 7]))];
  const { entries } = profile(() =>
    scope(() => {
      const context = new Context({ training: true, seed: 1 });
      const { gradients } = valueAndGrad(() => softmaxCrossEntropy(model.call(x, context), labels), cells);
      adam().step(cells, gradients);
    }),
  );
  return entries.map(({ kernel }) => kernel);
}

test.each(Object.keys(networks) as NetworkName[])('no kernel of a step of %s is lowered', { timeout: 60_000 }, (name) => {
  use(reference());
  const own = shaderKernels({
    run: () => undefined,
    aligned: () => true,
    scratch: () => {
      throw new Error('nothing runs');
    },
    maxInputs: 8,
    maxOutputs: 4,
  });
  const called = kernelsOf(name);
  expect(called).toContain('elementwise');
  expect(called.filter((kernel) => kernelDefinitions[kernel].lower !== undefined && own[kernel] === undefined)).toEqual([]);
});
