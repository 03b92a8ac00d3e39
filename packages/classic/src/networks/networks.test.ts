// Networks with a layer that is solved: they interpolate, and learn smooth functions.

import { reference } from '@sinapse/backend-reference';
import { linspace, tensor, use } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { extremeLearningMachine, rbfNetwork } from '../index.ts';

beforeAll(() => void use(reference({ poison: true })));

const places = (count: number): Tensor => linspace(-3, 3, count).reshape([count, 1]);
const wave = (x: Tensor): Tensor =>
  tensor(
    Float32Array.from(x.dataSync(), (value) => Math.sin(2 * value)),
    { shape: x.shape },
  );
const rootMeanSquare = (a: Tensor, b: Tensor): number => Math.sqrt(a.sub(b).square().mean().dataSync()[0]!);

describe('the radial basis function network', () => {
  test('with a centre on each example it goes through all of them', async () => {
    const [x, y] = [tensor([[0], [1], [2], [4]]), tensor([1, -1, 0.5, 2])];
    const network = await rbfNetwork({ centres: 4, width: 0.5, ridge: 0 }).fit(x, y);
    Array.from(y.dataSync()).forEach((value, i) => expect(network.predict(x).dataSync()[i]).toBeCloseTo(value, 3));
  });

  test('bells are exp(-d² / 2 w²)', async () => {
    const network = await rbfNetwork({ centres: 1, width: 2 }).fit(tensor([[0], [2]]), tensor([0, 1]));
    expect(network.transform(tensor([[4]])).dataSync()[0]).toBeCloseTo(Math.exp(-9 / 8), 5);
  });

  test('first linear, then all by gradient: the error falls', async () => {
    const x = places(60);
    const solved = await rbfNetwork({ centres: 6, width: 0.4 }).fit(x, wave(x));
    const moved = await rbfNetwork({ centres: 6, width: 0.4, epochs: 15, batchSize: 20 }).fit(x, wave(x));
    const [before, after] = [solved, moved].map((network) => rootMeanSquare(network.predict(x), wave(x)));
    expect(before).toBeLessThan(0.5); // 0.71 is the deviation of the wave
    expect(after).toBeLessThan(0.8 * before!);
  });

  test('more centres than examples', async () => {
    await expect(rbfNetwork({ centres: 3 }).fit(tensor([[1], [2]]), tensor([0, 1]))).rejects.toThrow(
      'rbfNetwork: 3 centres need as many examples, got 2',
    );
  });
});

describe('the extreme learning machine', () => {
  test('learns a wave, between its examples as well', async () => {
    const machine = await extremeLearningMachine({ units: 40, ridge: 1e-5, scale: 2, seed: 1 }).fit(places(50), wave(places(50)));
    const between = places(83);
    expect(rootMeanSquare(machine.predict(between), wave(between))).toBeLessThan(0.05);
  });

  test('as many units as examples: it goes through them', async () => {
    const [x, y] = [tensor([[-1], [0.2], [2]]), tensor([[1, 0], [0, 1], [-2, 5]])]; // prettier-ignore
    const machine = await extremeLearningMachine({ units: 8, ridge: 1e-5, scale: 2 }).fit(x, y);
    Array.from(y.dataSync()).forEach((value, i) => expect(machine.predict(x).dataSync()[i]).toBeCloseTo(value, 2));
  });
});
