// Trains LeNet-5 and publishes the memory in use along the way: `?backend=webgl&steps=2000`.

import { webgl } from '@sinapse/backend-webgl';
import { webgpu } from '@sinapse/backend-webgpu';
import { memory, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';
import { publish } from '../../src/outcome.ts';

const query = new URLSearchParams(location.search);
const steps = Number(query.get('steps'));

publish(async () => {
  use(await { webgl: () => webgl(), webgpu: () => webgpu() }[query.get('backend') as 'webgl' | 'webgpu']());
  const model = lenet5();
  model.build([28, 28, 1], 1);
  const data = imageDataset(digits({ count: 400, seed: 1 })).batch(4); // 100 batches
  const seen: ReturnType<typeof memory>[] = [];
  const losses: number[] = [];
  await fit(model, data, {
    optimizer: adam({ learningRate: 1e-3 }),
    loss: softmaxCrossEntropy,
    epochs: steps / 100,
    callbacks: [
      {
        onStep: ({ globalStep, loss }) => {
          losses.push(loss);
          if (globalStep % 500 === 50) seen.push(memory());
        },
      },
    ],
  });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { memory: seen, first: mean(losses.slice(0, 20)), last: mean(losses.slice(-20)) };
});
