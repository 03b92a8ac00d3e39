// LeNet-5 learns on tfjs as on the reference in float64.

import { reference } from '@sinapse/backend-reference';
import type { Backend } from '@sinapse/core';
import { Context, memory, parametersOf, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { enableProdMode } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { tfjs } from '../src/index.ts';

enableProdMode(); // or tfjs advertises its package for Node

/** tfjs's kernels in JavaScript take their time. */
const [STEPS, BATCH] = process.env['SINAPSE_TEST_TIER'] === 'full' ? [20, 16] : [8, 2];

const images = () => imageDataset(digits({ count: STEPS * BATCH, seed: 1 })).batch(BATCH);

/** The gradients of the first batch, and the losses of all steps. */
async function train(backend: Backend) {
  use(backend);
  const model = lenet5();
  model.build([28, 28, 1], 1);
  const gradients: (readonly number[])[] = [];
  for await (const { x, y } of images().iterate({ epoch: 1 })) {
    scope(() => {
      const [input, labels] = [tensor(x.data, { shape: x.shape }), tensor(y.data, { shape: y.shape })];
      const loss = () => softmaxCrossEntropy(model.call(input, new Context({ training: true, seed: 1 })), labels);
      const parameters = parametersOf(model).map(({ cell }) => cell);
      for (const gradient of valueAndGrad(loss, parameters).gradients) gradients.push([...gradient.dataSync()]);
    });
    break;
  }
  const losses: number[] = [];
  const held: number[] = [];
  await fit(model, images(), {
    optimizer: adam({ learningRate: 1e-3 }),
    loss: softmaxCrossEntropy,
    epochs: 1,
    callbacks: [{ onStep: ({ loss }) => void (losses.push(loss), held.push(memory().backend.liveBytes)) }],
  });
  return { gradients, losses, held };
}

const distance = (a: readonly number[], b: readonly number[]): number => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

test('steps of LeNet-5', async () => {
  const expected = await train(reference({ precision: 'float64' }));
  const { gradients, losses, held } = await train(tfjs(new MathBackendCPU()));
  expect(losses).toHaveLength(STEPS);
  expect(distance(losses.slice(0, 1), expected.losses)).toBeLessThan(1e-6);
  expect(distance(losses, expected.losses)).toBeLessThan(1e-2);
  expect(gradients).toHaveLength(10);
  gradients.forEach((gradient, k) => expect(distance(gradient, expected.gradients[k]!)).toBeLessThan(1e-5));
  expect(held.at(-1)).toBe(held[2]);
});
