// The neurons of 1943 to 1960: what their papers prove of them, and closed forms.

import { cpu } from '@sinapse/backend-cpu';
import type { Tensor } from '@sinapse/core';
import { RandomStream, randomKey, tensor, use } from '@sinapse/core';
import { blobs } from '@sinapse/datasets';
import { beforeAll, describe, expect, test } from 'vitest';
import { LOGIC, adaline, linearRegression, logisticClassifier, mcCullochPitts, perceptron } from '../index.ts';

beforeAll(async () => void use(await cpu()));

const PAIRS = tensorOnce(() => tensor([[0, 0], [0, 1], [1, 0], [1, 1]])); // prettier-ignore
const classes = (...values: number[]): Tensor => tensor(Int32Array.from(values));

function tensorOnce(make: () => Tensor): () => Tensor {
  let made: Tensor | undefined;
  return () => (made ??= make());
}

/** Points on both sides of the line x0 + 2 x1 = 0.3, none nearer than a margin; rows of x, and classes. */
function separable(count: number, margin: number, seed: number): { rows: number[][]; labels: number[] } {
  const random = new RandomStream(randomKey(seed));
  const rows: number[][] = [];
  while (rows.length < count) {
    const row = [2 * random.uniform() - 1, 2 * random.uniform() - 1].map(Math.fround);
    if (Math.abs(row[0]! + 2 * row[1]! - 0.3) / Math.sqrt(5) > margin) rows.push(row);
  }
  return { rows, labels: rows.map(([a, b]) => Number(a! + 2 * b! > 0.3)) };
}

describe('McCulloch-Pitts neurons', () => {
  test.each([
    ['and', [0, 0, 0, 1]],
    ['or', [0, 1, 1, 1]],
    ['xor', [0, 1, 1, 0]],
  ] as const)('%s', (gate, expected) => {
    expect(Array.from(mcCullochPitts(LOGIC[gate]).predict(PAIRS()).dataSync())).toEqual(expected);
  });

  test('not', () => {
    expect(
      Array.from(
        mcCullochPitts(LOGIC.not)
          .predict(tensor([[0], [1]]))
          .dataSync(),
      ),
    ).toEqual([1, 0]);
  });

  test('inhibition is absolute', () => {
    const neuron = mcCullochPitts({ inputs: 3, layers: [[{ excitatory: [0, 1], inhibitory: [2], threshold: 1 }]] });
    expect(Array.from(neuron.predict(tensor([[1, 1, 1], [1, 1, 0]])).dataSync())).toEqual([0, 1]); // prettier-ignore
  });

  test('a neuron that reads what is not there', () => {
    expect(() => mcCullochPitts({ inputs: 2, layers: [[{ excitatory: [2], threshold: 1 }]] })).toThrow(
      'mcCullochPitts: a neuron of layer 0 reads value 2, and there are 2, from 0',
    );
  });
});

describe('the perceptron', () => {
  test.each([1, 2, 3])('converges on separable examples within (R / γ)² mistakes, seed %d', async (seed) => {
    const { rows, labels } = separable(60, 0.05, seed);
    const model = await perceptron().fit(tensor(rows), classes(...labels));
    expect(Array.from(model.predict(tensor(rows)).dataSync())).toEqual(labels);
    expect(model.training!.outcome).toBe('converged');
    // The line itself separates them, as a unit vector (1, 2, -0.3) / |…|; the widest margin is at least its own, so the bound is at most this.
    const length = Math.hypot(1, 2, 0.3);
    const margin = Math.min(...rows.map(([a, b]) => Math.abs(a! + 2 * b! - 0.3) / length));
    const longest = Math.max(...rows.map(([a, b]) => a! * a! + b! * b! + 1));
    expect(model.training!.mistakes).toBeGreaterThan(0);
    expect(model.training!.mistakes).toBeLessThanOrEqual(longest / margin ** 2);
  });

  test('follows the rule, example by example', async () => {
    const { rows, labels } = separable(20, 0.02, 7);
    const weights = [0, 0, 0];
    let mistakes = 0;
    for (let wrong = true; wrong;) {
      wrong = false;
      rows.forEach(([a, b], i) => {
        const [x, sign] = [[a!, b!, 1], 2 * labels[i]! - 1];
        if (sign * x.reduce((sum, each, j) => sum + each * weights[j]!, 0) > 0) return;
        x.forEach((each, j) => void (weights[j]! += sign * each));
        mistakes++;
        wrong = true;
      });
    }
    const model = await perceptron().fit(tensor(rows), classes(...labels));
    expect(model.training!.mistakes).toBe(mistakes);
    // Sums of at most a few hundred float32 numbers of size 1.
    Array.from(model.arrays().get('weights')!.dataSync()).forEach((weight, i) => expect(weight).toBeCloseTo(weights[i]!, 4));
  });

  test('cycles on XOR, and learns AND', async () => {
    const xor = await perceptron().fit(PAIRS(), classes(0, 1, 1, 0));
    expect(xor.training!.outcome).toBe('cycles');
    const and = await perceptron().fit(PAIRS(), classes(0, 0, 0, 1));
    expect(and.training!.outcome).toBe('converged');
    const short = await perceptron({ epochs: 1 }).fit(PAIRS(), classes(0, 0, 0, 1));
    expect(short.training).toMatchObject({ outcome: 'epochs', epochs: 1 });
  });
});

describe('ADALINE', () => {
  test('one step is w + η (t - w x) x', async () => {
    const model = await adaline({ learningRate: 0.1, epochs: 2 }).fit(tensor([[2, -1]]), classes(1));
    // First w = 0.1 · 1 · (2, -1, 1); then w x = 0.6, and 0.1 · 0.4 · x is added.
    [0.28, -0.14, 0.14].forEach((weight, i) => expect(model.arrays().get('weights')!.dataSync()[i]).toBeCloseTo(weight, 6));
  });

  test('in whole batches it finds the least squares', async () => {
    const { rows, labels } = separable(40, 0, 4);
    const model = await adaline({ learningRate: 0.5, epochs: 200, batchSize: 40 }).fit(tensor(rows), classes(...labels));
    const line = await linearRegression().fit(tensor(rows), tensor(labels.map((label) => 2 * label - 1)));
    const [found, exact] = [model, line].map((each) => each.arrays().get('weights')!.dataSync());
    found!.forEach((weight, i) => expect(weight).toBeCloseTo(exact![i]!, 4)); // float32, steps that end where they round to nothing
  });
});

test('the neuron as linear regression: least squares in float64', async () => {
  const random = new RandomStream(randomKey(1));
  const x = Array.from({ length: 30 }, () => Math.fround(random.normal()));
  const y = x.map((value) => Math.fround(3 * value - 2 + 0.5 * random.normal()));
  const [meanX, meanY] = [x, y].map((values) => values.reduce((a, b) => a + b, 0) / 30);
  const slope = x.reduce((sum, value, i) => sum + (value - meanX!) * (y[i]! - meanY!), 0) / x.reduce((sum, value) => sum + (value - meanX!) ** 2, 0); // prettier-ignore
  const model = await linearRegression().fit(tensor(x.map((value) => [value])), tensor(y));
  const [w, b] = model.arrays().get('weights')!.dataSync();
  expect(w).toBeCloseTo(slope, 5);
  expect(b).toBeCloseTo(meanY! - slope * meanX!, 5);
  expect(model.predict(tensor([[2]])).dataSync()[0]).toBeCloseTo(meanY! + slope * (2 - meanX!), 4);
});

test('the logistic classifier tells clouds apart; its probabilities add up to 1', async () => {
  const { x, y } = blobs({ count: 120, classes: 3, noise: 0.1, seed: 3 });
  const [rows, labels] = [tensor(x.data, { shape: x.shape }), tensor(y.data)];
  const model = await logisticClassifier({ classes: 3, epochs: 8, batchSize: 12 }).fit(rows, labels);
  const right = model.predict(rows).dataSync().filter((label, i) => label === y.data[i]).length; // prettier-ignore
  expect(right).toBeGreaterThan(114);
  model.probabilities(rows).sum({ axis: 1 }).dataSync().forEach((sum) => expect(sum).toBeCloseTo(1, 5)); // prettier-ignore
});
