// Explanations by gradients against closed forms: of linear models, of sums of functions of one value each, and by completeness.

import type { Model, Tensor } from '@sinapse/core';
import { SinapseError, randomNormal, tensor, use, zeros } from '@sinapse/core';
import { dense, sequential } from '@sinapse/layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { Linear } from '../../test/tiny.ts';
import { integratedGradients, saliency, smoothGrad } from './index.ts';

beforeAll(() => void use(poisoned()));

const model = () => new Linear(4, 3);
const x = () => tensor([[1, -2, 0.5, 3], [0.25, 1, -1, 2]]); // prettier-ignore
/** The column of the kernel for each example's class. */
const columns = (classes: readonly number[]): number[] => {
  const kernel = model().kernel.value.dataSync();
  return classes.flatMap((label) => [0, 1, 2, 3].map((row) => kernel[row * 3 + label]!));
};
const predicted = (): number[] => {
  const logits = Array.from(model().call(x()).dataSync());
  return [0, 1].map((i) => logits.slice(3 * i, 3 * i + 3).indexOf(Math.max(...logits.slice(3 * i, 3 * i + 3))));
};
const near = (got: ArrayLike<number>, expected: ArrayLike<number>, digits = 6) =>
  Array.from(expected).forEach((value, i) => expect(got[i]).toBeCloseTo(value, digits)); // by default float32 numbers of size 1

describe('of a linear model', () => {
  test.each<[string, object, () => number[]]>([
    ['the predicted class', {}, predicted],
    ['a class', { target: 2 }, () => [2, 2]],
    ['a class for each example', { target: [0, 1] }, () => [0, 1]],
  ])('%s: the gradient is its column of the kernel', async (_, options, classes) => {
    const weights = columns(classes());
    const { data, shape } = await saliency(model(), x(), options);
    expect(shape).toEqual([2, 4]);
    near(data, weights.map(Math.abs));
    near((await smoothGrad(model(), x(), { ...options, samples: 3 })).data, weights);
    const { data: attributions, missing } = await integratedGradients(model(), x(), { ...options, steps: 3 });
    near(attributions, weights.map((weight, i) => weight * x().dataSync()[i]!)); // prettier-ignore
    near(missing, [0, 0], 5);
  });

  test('a function of the output, and another baseline', async () => {
    const target = (logits: Tensor) => logits.mul(tensor([[1, 10, 0]])).sum({ axis: 1 });
    const baseline = { data: Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0), shape: [2, 4] };
    const { data } = await integratedGradients(model(), x(), { target, baseline });
    const [zero, one] = [columns([0, 0]), columns([1, 1])];
    near(data, Array.from(x().dataSync(), (value, i) => (value - baseline.data[i]!) * (zero[i]! + 10 * one[i]!)), 4); // prettier-ignore
    near((await integratedGradients(model(), x(), { target, baseline: 1 })).data.slice(0, 4), data.slice(0, 4), 5);
  });

  test('arrays on the host', async () => {
    const host = { data: Float32Array.from(x().dataSync()), shape: [2, 4] };
    expect(await saliency(model(), host)).toEqual(await saliency(model(), x()));
  });
});

describe('of one number for each example', () => {
  /** Σ x³, whose gradient is 3 x². */
  const cubes: Model = { call: (y) => y.pow(3).sum({ axis: 1, keepDims: true }) };

  test('it is explained itself', async () => {
    near((await saliency(cubes, x())).data, Array.from(x().dataSync(), (value) => 3 * value * value), 4); // prettier-ignore
  });

  test('integrated gradients of a sum of functions of one value each are their differences', async () => {
    const { data, missing } = await integratedGradients(cubes, x(), { baseline: 0.5, steps: 400 });
    // The midpoint rule errs by (x - x')³ f''' / (24 steps²), below 42 · 6 / 24 / 160,000.
    Array.from(x().dataSync()).forEach((value, i) => expect(Math.abs(data[i]! - (value ** 3 - 0.125))).toBeLessThan(1e-4));
    expect(Math.max(...missing.map(Math.abs))).toBeLessThan(3e-4);
  });

  test('SmoothGrad averages over the noise: 3 x² + 3 σ²', async () => {
    const values = [1, -2, 0.5, 3];
    const { data } = await smoothGrad(cubes, tensor([values]), { samples: 800, noise: 0.1, seed: 1 });
    // σ = 0.1 · 5. A gradient's variance is 36 x² σ² + 18 σ⁴; of 800, four deviations of the mean are allowed.
    values.forEach((value, i) => expect(Math.abs(data[i]! - (3 * value * value + 0.75))).toBeLessThan(4 * Math.sqrt((9 * value * value + 1.125) / 800))); // prettier-ignore
  });
});

test('completeness: the attributions of a deep model add up', async () => {
  const network = sequential([dense({ units: 6, activation: 'tanh' }), dense({ units: 6, activation: 'tanh' }), dense({ units: 3 })]);
  network.build([5], 1);
  const inputs = randomNormal([3, 5], { seed: 2 });
  const { data, missing } = await integratedGradients(network, inputs, { steps: 100, target: 1 });
  const [reached, started] = [network.call(inputs), network.call(zeros([1, 5]))].map((logits) => logits.dataSync());
  for (let i = 0; i < 3; i++) {
    const sum = data.slice(5 * i, 5 * i + 5).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(reached![3 * i + 1]! - started![1]!, 3);
    expect(missing[i]).toBeCloseTo(reached![3 * i + 1]! - started![1]! - sum, 5);
  }
  const coarse = await integratedGradients(network, inputs, { steps: 2, target: 1 });
  expect(Math.max(...coarse.missing.map(Math.abs))).toBeGreaterThan(Math.max(...missing.map(Math.abs)));
});

test.each<[string, () => Promise<unknown>, string]>([
  ['a class that there is not', () => saliency(model(), x(), { target: 3 }), "saliency: target: class 3 is outside the model's 3 classes, 0 to 2"],
  ['classes of other examples', () => saliency(model(), x(), { target: [1] }), 'saliency: target: 1 classes for 2 examples'],
  ['a class by name', () => saliency(model(), x(), { target: 'cat' as never }), 'saliency: target: expected a class, a class for each example, or a function of the output, got "cat"'],
  ['a function that gives one number', () => smoothGrad(model(), x(), { target: (y) => y.sum() }), 'smoothGrad: target: the function must give a number for each of the 2 examples, got []'],
  ['images of bytes', () => saliency(model(), { data: new Uint8Array(4), shape: [1, 4] }), 'saliency: x must be float32: of integers there is no gradient'],
  ['no examples', () => saliency(model(), zeros([0, 4])), 'saliency: x must have a batch axis and at least one example, got [0,4]'],
  ['a baseline of another shape', () => integratedGradients(model(), x(), { baseline: { data: new Float32Array(4), shape: [4] } }), "integratedGradients: baseline: expected an array of x's shape [2,4], got [4]"],
  ['maps as output', () => saliency({ call: (y) => y.reshape([2, 2, 2]) }, x()), 'saliency: target: give a function of the output [2,2,2]; only of [batch, classes] there are classes'],
])('%s', async (_, mistake, message) => {
  const error = await mistake().then(() => expect.unreachable(), (reason: unknown) => reason as Error);
  expect(error).toBeInstanceOf(SinapseError);
  expect(error.message).toContain(message);
}); // prettier-ignore
