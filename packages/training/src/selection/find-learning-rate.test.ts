// The range test on a loss whose course is known: w² a / 2 under gradient descent, w ← w (1 - rate a).

import type { Tensor } from '@sinapse/core';
import { Context, Parameter, log, mean, mul, scope, tensor, use } from '@sinapse/core';
import { adam, sgd } from '@sinapse/optimizers';
import { beforeAll, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { batch, batches, bitsOf, clusters, crossEntropy, Linear, Stateful } from '../../test/tiny.ts';
import { findLearningRate } from './index.ts';

beforeAll(() => void use(poisoned()));

class Weight {
  readonly w = scope(() => new Parameter(tensor([1])));
  call(x: Tensor): Tensor {
    return mul(x, this.w.value);
  }
}

const CURVATURE = 4;
const one = () => batches(batch([[1]], [0]));
const parabola = (output: Tensor) => mean(output.square().mul(CURVATURE / 2));
const gradientDescent = (learningRate: (step: number) => number) => sgd({ learningRate });

test('the curve is that of the formula, and the weights are as before', async () => {
  const model = new Weight();
  const before = bitsOf(model);
  const [from, to, steps] = [1e-3, 10, 60];
  const curve = await findLearningRate(model, one(), { optimizer: gradientDescent, loss: parabola, from, to, steps });

  const rates = Array.from({ length: steps }, (_, i) => from * (to / from) ** (i / (steps - 1)));
  const losses: number[] = [];
  for (let [i, w] = [0, 1]; i < steps; w *= 1 - rates[i]! * CURVATURE, i++) losses.push((w * w * CURVATURE) / 2);
  const made = curve.losses.length;
  expect(Array.from(curve.learningRates)).toEqual(rates.slice(0, made));
  // w is a float32 that passes through one product and one difference a step
  curve.losses.forEach((loss, i) => expect(Math.abs(loss - losses[i]!)).toBeLessThanOrEqual(losses[i]! * (2 * i + 4) * 2 ** -23));

  // It diverges at rates above 2 / curvature, and is stopped when the last seven losses are above the lowest such mean by three times the first.
  expect(curve.stopped).toBe('diverged');
  expect(curve.learningRates.at(-1)).toBeGreaterThan(2 / CURVATURE);
  const means = losses.map((_, i) => losses.slice(Math.max(0, i - 6), i + 1).reduce((a, b) => a + b, 0) / Math.min(7, i + 1));
  expect(made).toBe(1 + means.findIndex((value, i) => value > Math.min(...means.slice(0, i + 1)) + 3 * losses[0]!));

  const smoothed = Array.from(curve.losses, (_, i) => {
    const window = Array.from(curve.losses.slice(Math.max(0, i - 3), i + 4));
    return window.reduce((a, b) => a + b, 0) / window.length;
  });
  expect(Array.from(curve.smoothed)).toEqual(smoothed);
  const falls = smoothed.map((_, i) => (i > 0 && i < made - 1 ? smoothed[i - 1]! - smoothed[i + 1]! : -Infinity));
  expect(curve.suggested).toBe(rates[falls.indexOf(Math.max(...falls))]);
  expect(curve.suggested).toBeLessThan(1 / CURVATURE); // the best fixed rate: one step to the minimum
  expect(bitsOf(model)).toEqual(before);
});

test('it goes over the data as often as needed, and restores states, too', async () => {
  const model = new Stateful(5, 3);
  const before = bitsOf(model);
  const data = clusters({ examples: 22, batchSize: 4 });
  const options = { optimizer: (learningRate: (step: number) => number) => adam({ learningRate }), loss: crossEntropy, steps: 14, from: 1e-5, to: 1e-1 }; // prettier-ignore
  const curve = await findLearningRate(model, data, options);
  expect(curve.stopped).toBe('finished');
  expect([curve.losses, curve.smoothed, curve.learningRates].map(({ length }) => length)).toEqual([14, 14, 14]);
  expect(curve.learningRates.at(-1)).toBeCloseTo(0.1, 12);
  expect(bitsOf(model)).toEqual(before);
  expect(await findLearningRate(model, data, options)).toEqual(curve); // the same bits
  expect(model.call(tensor([[1, 2, 3, 4, 5]]), new Context({ training: true, seed: 1 })).shape).toEqual([1, 3]);
});

test('a loss that is not finite ends it as divergence, unless it never was', async () => {
  const model = new Weight();
  const barrier = (output: Tensor) => mean(log(output).neg().add(output.mul(50))); // NaN once w < 0
  const curve = await findLearningRate(model, one(), { optimizer: gradientDescent, loss: barrier, steps: 30 });
  expect(curve.stopped).toBe('diverged');
  expect(curve.losses.every(Number.isFinite)).toBe(true);
  expect(model.w.value.dataSync()[0]).toBe(1);
  const never = { optimizer: gradientDescent, loss: (output: Tensor) => mean(log(output.neg())) };
  await expect(findLearningRate(model, one(), never)).rejects.toThrow('epoch 1, step 1: the loss is NaN');
  const failing = { async *iterate() { yield batch([[1]], [0]); throw new Error('the disk'); } }; // prettier-ignore
  await expect(findLearningRate(model, failing, { optimizer: gradientDescent, loss: parabola, from: 0.1, to: 1 })).rejects.toThrow(
    'the disk',
  );
  expect(model.w.value.dataSync()[0]).toBe(1); // one step was made, and taken back
  const flat = await findLearningRate(model, one(), { optimizer: gradientDescent, loss: (output) => mean(output.mul(0)), steps: 10 });
  expect([flat.suggested, flat.stopped]).toEqual([undefined, 'finished']);
});

test.each<[string, object, string]>([
  ['no optimizer', { optimizer: sgd() }, 'findLearningRate: optimizer: expected a function that makes one, e.g. (learningRate) => adam({ learningRate }), got '],
  ['rates that fall', { from: 1, to: 0.1 }, 'findLearningRate: from: expected less than to, got 1 and 0.1'],
  ['few steps', { steps: 3 }, 'findLearningRate: steps: expected an integer >= 10, got 3'],
  ['an option misspelt', { step: 30 }, 'findLearningRate: step is no option; did you mean steps?'],
])('%s', async (_, options, message) => {
  await expect(findLearningRate(new Linear(5, 3), clusters(), { optimizer: gradientDescent, loss: crossEntropy, ...options })).rejects.toThrow(message);
}); // prettier-ignore
