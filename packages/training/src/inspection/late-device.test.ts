// On a device that answers late, and for a published network, selection and inspection give what they give on one that answers at once.

import { double } from '@sinapse/backend-testkit';
import type { Backend } from '@sinapse/core';
import { randomNormal, use } from '@sinapse/core';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam, sgd } from '@sinapse/optimizers';
import { resnet20 } from '@sinapse/zoo';
import { expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { images, network } from '../../test/late.ts';
import { crossValidate, ensemble, findLearningRate, stack } from '../selection/index.ts';
import { predict } from '../index.ts';
import { gradCam, integratedGradients, occlusion, profileLayers } from './index.ts';

const loss = softmaxCrossEntropy;
const x = () => randomNormal([2, 8, 8, 1], { seed: 3 });

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  findLearningRate: () => findLearningRate(network(), images(), { optimizer: (learningRate) => adam({ learningRate }), loss, steps: 10 }),
  'findLearningRate, diverging': () =>
    findLearningRate(network(), images(8), { optimizer: (learningRate) => sgd({ learningRate }), loss, steps: 12 }),
  crossValidate: async () => {
    const { folds } = await crossValidate(network, images(), { optimizer: () => adam(), loss, epochs: 1, folds: 2, batchSize: 6 });
    return folds.map(({ test }) => test);
  },
  stack: async () => predict(await stack([network(), network()], images(), { optimizer: adam(), loss, epochs: 1 }), x()),
  ensemble: () => predict(ensemble([network(), network()]), x()),
  integratedGradients: () => integratedGradients(network(), x(), { steps: 2 }),
  gradCam: () => gradCam(network(), x(), { layer: 'conv2d1' }),
  occlusion: () => occlusion(network(), x(), { window: 4 }),
};

test.each(Object.entries(calls))('%s', async (_, call) => {
  const on = (backend: Backend) => (use(backend), call());
  expect(await on(double())).toEqual(await on(poisoned()));
});

test('inside a ResNet: blocks by their paths, and convolutions that add the shortcut', async () => {
  use(poisoned());
  const model = resnet20();
  model.build([8, 8, 3], 1);
  const image = randomNormal([1, 8, 8, 3], { seed: 1 });
  const { rows } = await profileLayers((context) => model.call(image, context));
  const convolutions = [...new Set(rows.filter(({ macs }) => macs > 0).map(({ layer }) => layer))];
  for (const layer of [convolutions[0]!, convolutions[2]!])
    expect((await gradCam(model, image, { layer, target: 0 })).shape).toEqual([1, 8, 8]);
  expect(convolutions.some((layer) => layer.includes('/'))).toBe(true);
});
