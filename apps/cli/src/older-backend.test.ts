// A backend written for an older version of one kernel can still train: that kernel is lowered, and the profile says why.

import { cpu } from '@sinapse/backend-cpu';
import type { Backend } from '@sinapse/core';
import { Context, parametersOf, profile, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';
import { expect, test } from 'vitest';

test('LeNet-5 learns on a backend with an older conv2d', { timeout: 120_000 }, async () => {
  const base = await cpu();
  const older = Object.assign(Object.create(base) as Backend, {
    versions: { conv2d: 0 },
    kernels: { ...base.kernels, conv2d: () => expect.fail('a kernel of another version was called') },
  });
  use(older);
  const model = lenet5();
  model.build([28, 28, 1], 1);
  const data = imageDataset(digits({ count: 320, seed: 1 })).batch(32);
  const { history } = await fit(model, data, { optimizer: adam({ learningRate: 0.003 }), loss: softmaxCrossEntropy, epochs: 3, seed: 1 });
  expect(history[2]!.loss).toBeLessThan(0.8 * history[0]!.loss);

  for await (const { x } of data.iterate({ epoch: 1 })) {
    const { entries } = profile(() => scope(() => void valueAndGrad(() => model.call(tensor(x.data, { shape: x.shape }), new Context()).sum(), parametersOf(model).map(({ cell }) => cell)))); // prettier-ignore
    expect(entries.filter(({ kernel }) => kernel === 'conv2d')).toMatchObject([
      { how: 'lowered', reason: 'the backend has version 0 of conv2d, core version 1', calls: 2 },
    ]);
    expect(entries.filter(({ kernel }) => kernel === 'conv2dFilterGrad')).toMatchObject([{ how: 'native' }]);
    break;
  }
});
