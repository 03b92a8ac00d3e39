// Hebbian neurons end at the principal components.

import { cpu } from '@sinapse/backend-cpu';
import { matmul, randomNormal, tensor, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { oja, pca } from '../index.ts';

beforeAll(async () => void use(await cpu()));

const mixed = () => matmul(randomNormal([120, 3], { seed: 1 }), tensor([[2, 1, 0], [-0.5, 1, 0], [0, 0, 0.3]])).add(5); // prettier-ignore

test("Oja's rule finds the first principal component, with a weight of length 1", async () => {
  const x = mixed();
  const [neuron, exact] = [await oja({ learningRate: 0.02, epochs: 40, seed: 3 }).fit(x), await pca({ components: 1 }).fit(x)];
  const weights = Array.from(neuron.arrays().get('weights')!.dataSync());
  const direction = exact.arrays().get('directions')!.dataSync();
  // The last steps move the weights by η · variance / 10, times the noise of a batch; 1 - cos is the square of the error.
  expect(Math.abs(weights.reduce((sum, each, i) => sum + each * direction[i]!, 0))).toBeGreaterThan(0.995);
  expect(Math.hypot(...weights)).toBeCloseTo(1, 1);
});

test("Sanger's rule finds them in order", async () => {
  const x = mixed();
  const [neurons, exact] = [await oja({ components: 2, learningRate: 0.02, epochs: 60 }).fit(x), await pca({ components: 2 }).fit(x)];
  const [weights, directions] = [neurons.arrays().get('weights')!.dataSync(), exact.arrays().get('directions')!.dataSync()];
  for (const row of [0, 1]) {
    const along = [0, 1, 2].reduce((sum, i) => sum + weights[3 * row + i]! * directions[3 * row + i]!, 0);
    expect(Math.abs(along)).toBeGreaterThan(0.98);
  }
});

test('steps that are too long are named', async () => {
  await expect(oja({ learningRate: 50 }).fit(mixed())).rejects.toThrow('oja: the weights grew beyond all bounds; lower learningRate, 50');
  await expect(oja({ components: 4 }).fit(mixed())).rejects.toThrow('oja: 4 components need as many features, got 3');
});
