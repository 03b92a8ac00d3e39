// Features of a Boltzmann machine serve a linear classifier better than the pixels do. The test takes long, so it is in the full tier.

import { cpu } from '@sinapse/backend-cpu';
import type { Tensor } from '@sinapse/core';
import { greater, tensor, use } from '@sinapse/core';
import { digits } from '@sinapse/datasets';
import { expect, test } from 'vitest';
import { logisticClassifier, restrictedBoltzmannMachine } from '../index.ts';

const COUNT = 1000;

/** Digits of 14 x 14 pixels, ink or none. */
function examples(split: 'train' | 'test'): { x: Tensor; y: Tensor } {
  const { images, labels } = digits({ count: COUNT, seed: 1, split });
  const small = tensor(images, { shape: [COUNT, 14, 2, 14, 2] }).cast('float32').mean({ axis: [2, 4] }).reshape([COUNT, 196]); // prettier-ignore
  return { x: greater(small, 90).cast('float32'), y: tensor(Int32Array.from(labels)) };
}

test.runIf(process.env['SINAPSE_TEST_TIER'] === 'full')('1,000 digits: features beat pixels on others', async () => {
  use(await cpu());
  const [train, others] = [examples('train'), examples('test')];
  const machine = await restrictedBoltzmannMachine({ units: 300, epochs: 40, batchSize: 20, learningRate: 0.1 }).fit(train.x);
  const right = async (features: (x: Tensor) => Tensor): Promise<number> => {
    const classifier = await logisticClassifier({ classes: 10, epochs: 60, learningRate: 0.01 }).fit(features(train.x), train.y);
    return classifier.predict(features(others.x)).dataSync().filter((label, i) => label === others.y.dataSync()[i]).length; // prettier-ignore
  };
  const [pixels, features] = [await right((x) => x), await right((x) => machine.transform(x))];
  expect(features).toBeGreaterThan(pixels);
});
