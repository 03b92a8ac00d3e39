// GMDH recovers polynomials that are known, and prunes what they do not read.

import { cpu } from '@sinapse/backend-cpu';
import { randomUniform, tensor, use } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { gmdh } from '../index.ts';

beforeAll(async () => void use(await cpu()));

const examples = (seed: number): Tensor => randomUniform([80, 5], { seed, low: -1, high: 1 });
const targets = (x: Tensor, f: (row: Float32Array) => number): Tensor => {
  const values = x.dataSync() as Float32Array;
  return tensor(Float32Array.from({ length: x.shape[0]! }, (_, i) => f(values.subarray(5 * i, 5 * i + 5))));
};
const worst = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().dataSync()[0]!;

test('one unit: the coefficients are those of the polynomial', async () => {
  const f = ([, a, , b]: Float32Array): number => 1 + 2 * a! - 3 * b! + 0.5 * a! * a! - b! * b! + 4 * a! * b!;
  const x = examples(1);
  const network = await gmdh().fit(x, targets(x, f));
  expect(await network.features()).toEqual([1, 3]);
  expect((await network.units()).map((layer) => layer.length)).toEqual([1]);
  const others = examples(2);
  // Values up to 11.5 in float32 by normal equations; the ridge of 1e-6 shrinks coefficients by about as much, relative to eigenvalues of about 0.1.
  expect(worst(await network.predict(others), targets(others, f))).toBeLessThan(1e-3);
});

test('several layers: a sum of products of four features, which no unit reads together', async () => {
  const f = ([a, b, c, d]: Float32Array): number => a! * b! + c! * d!;
  const x = examples(3);
  const network = await gmdh().fit(x, targets(x, f));
  expect((await network.units()).length).toBeGreaterThan(1);
  expect(await network.features()).toEqual(expect.arrayContaining([0, 1, 2, 3]));
  network.validationErrors.slice(1).forEach((error, i) => expect(error).toBeLessThan(network.validationErrors[i]!));
  // One unit, a product of two features, leaves half of the variance of 2 / 9. On other examples the layers leave a tenth of that.
  const others = examples(4);
  const single = await gmdh({ layers: 1 }).fit(x, targets(x, f));
  const [one, all] = await Promise.all([single, network].map(async (each) => (await each.predict(others)).sub(targets(others, f)).square().mean().item())); // prettier-ignore
  expect(one).toBeGreaterThan(0.07);
  expect(all).toBeLessThan(0.1 * one!);
});

test('too few examples or features', async () => {
  await expect(gmdh().fit(examples(1).slice([{ begin: 0, end: 6 }]), tensor([1, 2, 3, 4, 5, 6]))).rejects.toThrow(
    'gmdh: 6 coefficients need as many examples to fit, got 4',
  );
  await expect(gmdh().fit(tensor([[1], [2]]), tensor([1, 2]))).rejects.toThrow('gmdh: x must have at least 2 features');
});
