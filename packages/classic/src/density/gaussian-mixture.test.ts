// Mixtures: EM raises the likelihood, finds what examples were drawn from, and gives a density.

import { cpu } from '@sinapse/backend-cpu';
import { concat, matmul, randomNormal, tensor, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { gaussianMixture } from '../index.ts';

beforeAll(async () => void use(await cpu()));

const SPREAD = [[0.5, 0.3], [0, 0.2]]; // prettier-ignore
const examples = () =>
  concat([
    matmul(randomNormal([300, 2], { seed: 1 }), tensor(SPREAD)).add(tensor([2, -1])),
    randomNormal([100, 2], { seed: 2, deviation: 0.3 }).add(tensor([-1, 1])),
  ]);

test('shares, means and covariances are those of the examples', async () => {
  const mixture = await gaussianMixture({ components: 2 }).fit(examples());
  const [shares, means, covariances] = ['shares', 'means', 'covariances'].map((name) => Array.from(mixture.arrays().get(name)!.dataSync()));
  const large = shares![0]! > 0.5 ? 0 : 1;
  expect(shares![large]).toBeCloseTo(0.75, 2);
  // Of 300 examples: four deviations of a mean, 4 · 0.5 / √300, and of a variance of 0.25, 4 · 0.25 · √(2 / 300).
  [2, -1].forEach((each, i) => expect(Math.abs(means![2 * large + i]! - each)).toBeLessThan(0.12));
  [0.25, 0.15, 0.15, 0.13].forEach((each, i) => expect(Math.abs(covariances![4 * large + i]! - each)).toBeLessThan(0.09));
  mixture.logLikelihoods.slice(1).forEach((each, i) => expect(each).toBeGreaterThan(mixture.logLikelihoods[i]! - 1e-4)); // float32
  const owners = mixture.predict(examples()).dataSync();
  expect(owners.filter((owner, i) => owner === (i < 300 ? large : 1 - large)).length).toBeGreaterThan(395);
});

test('one component: its density is the normal one, and adds up to 1', async () => {
  const mixture = await gaussianMixture({ components: 1 }).fit(tensor([[1], [3]])); // mean 2, variance 1
  const density = (x: number): number => -0.5 * (x - 2) ** 2 - 0.5 * Math.log(2 * Math.PI);
  [-1, 2, 2.5].forEach((x) => expect(mixture.logDensity(tensor([[x]])).dataSync()[0]).toBeCloseTo(density(x), 4));
  const grid = Array.from({ length: 1201 }, (_, i) => [-4 + i / 100]);
  const total = mixture.logDensity(tensor(grid)).exp().sum().dataSync()[0]!;
  expect(total / 100).toBeCloseTo(1, 4);
});

test('draws are distributed as the mixture is', async () => {
  const mixture = await gaussianMixture({ components: 2 }).fit(examples());
  const drawn = await mixture.sample(1000, 3);
  const [expected, got] = [examples(), drawn].map((x) => Array.from(x.mean({ axis: 0 }).dataSync()));
  got!.forEach((each, axis) => expect(Math.abs(each - expected![axis]!)).toBeLessThan(0.2)); // four deviations of 1.4 / √1000
});

test('more components than examples', async () => {
  await expect(gaussianMixture({ components: 3 }).fit(tensor([[1], [2]]))).rejects.toThrow(
    'gaussianMixture: 3 components need as many examples, got 2',
  );
});
