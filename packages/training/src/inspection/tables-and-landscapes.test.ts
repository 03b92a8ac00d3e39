// Permutation importance of a known table, and landscapes of a quadratic loss.

import type { Tensor } from '@sinapse/core';
import { Parameter, SinapseError, hostNormal, randomKey, randomNormal, scope, statesOf, tensor, use } from '@sinapse/core';
import { batchNorm, dense, sequential } from '@sinapse/layers';
import { describe, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { bitsOf, Linear } from '../../test/tiny.ts';
import { lossLine, lossPlane, permutationImportance } from './index.ts';

use(poisoned()); // at module level, since tensors are made there

const squared = (output: Tensor, target: Tensor) => output.sub(target).square().mean();

describe('permutation importance', () => {
  const COUNT = 500;
  const x = { data: hostNormal(randomKey(1), 3 * COUNT), shape: [COUNT, 3] };
  /** y = 2 a - b, which the model knows; c is not used. */
  const y = { data: Float32Array.from({ length: COUNT }, (_, i) => 2 * x.data[3 * i]! - x.data[3 * i + 1]!), shape: [COUNT, 1] };
  const model = new Linear(3, 1);
  const right = () => {
    model.kernel.assign(tensor([[2], [-1], [0]]));
    model.bias.assign(tensor([0]));
    return model;
  };

  test('is how much the loss rises: 2 w² times the variance of the column', async () => {
    const found = await permutationImportance(right(), { x, y }, { loss: squared, features: ['a', 'b', 'c'], repeats: 10 });
    expect(found.map(({ feature }) => feature)).toEqual(['a', 'b', 'c']);
    const variance = (column: number) => {
      const values = Array.from({ length: COUNT }, (_, i) => x.data[3 * i + column]!);
      const mean = values.reduce((a, b) => a + b, 0) / COUNT;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT;
    };
    // The mean over permutations is exact; that of 10 of 500 values has a deviation of about 1.4 % of it.
    expect(found[0]!.rise.mean / (8 * variance(0))).toBeCloseTo(1, 1);
    expect(found[1]!.rise.mean / (2 * variance(1))).toBeCloseTo(1, 1);
    expect(Math.abs(found[2]!.rise.mean)).toBe(0);
    expect(await permutationImportance(right(), { x, y }, { loss: squared, features: ['a', 'b', 'c'], repeats: 10 })).toEqual(found);
  });

  test('of columns that are mixed up together is that of their sum', async () => {
    const options = { loss: squared, repeats: 10, groups: [[0, 1], [2]], features: ['both', 'c'] };
    const found = await permutationImportance(right(), { x, y }, options);
    // Mixed up together, y is that of another row: its error is twice the variance of y.
    const mean = y.data.reduce((sum, value) => sum + value, 0) / COUNT;
    const variance = y.data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT;
    expect(found.map(({ feature }) => feature)).toEqual(['both', 'c']);
    expect(found[0]!.rise.mean / (2 * variance)).toBeCloseTo(1, 1);
    expect(Math.abs(found[1]!.rise.mean)).toBe(0);
  });

  test.each<[string, object, string]>([
    ['a group of a column that is not there', { groups: [[3]] }, 'permutationImportance: groups: there is no column 3 of 3'],
    ['names of other groups', { groups: [[0]], features: [] }, 'permutationImportance: features: 0 names for 1 groups'],
    ['names of other columns', { features: ['a'] }, 'permutationImportance: features: 1 names for 3 columns'],
    ['an option misspelt', { repeat: 3 }, 'permutationImportance: repeat is no option; did you mean repeats?'],
  ])('%s', async (_, options, message) => {
    await expect(permutationImportance(right(), { x, y }, { loss: squared, ...options })).rejects.toThrow(message);
  });

  test('images', async () => {
    const images = { x: { data: x.data, shape: [COUNT, 3, 1] }, y };
    await expect(permutationImportance(right(), images, { loss: squared })).rejects.toThrow('permutationImportance: x: expected one array [examples, features], got [500,3,1]');
  }); // prettier-ignore
});

describe('landscapes of |w|²', () => {
  /** Gives all its weights, so that the loss is their square. */
  class Weights {
    readonly kernel = scope(() => new Parameter(randomNormal([4, 3], { seed: 2 })));
    readonly bias = scope(() => new Parameter(randomNormal([3], { seed: 3 })));
    call(): Tensor {
      return this.kernel.value;
    }
  }
  const once = { async *iterate() { yield { x: tensor([[1]]), y: tensor([[0]]) }; } }; // prettier-ignore
  const loss = (output: Tensor) => output.square().sum();
  const squareOf = (model: Weights) => Array.from(model.kernel.value.dataSync()).reduce((sum, value) => sum + value * value, 0);

  test('every filter of a random direction is as long as the model’s', async () => {
    const model = new Weights();
    const before = bitsOf(model);
    const { positions, losses } = await lossLine(model, once, { loss, points: 3 });
    expect(Array.from(positions)).toEqual([-1, 0, 1]);
    const square = squareOf(model);
    expect(losses[1]! / square).toBeCloseTo(1, 6);
    expect((losses[0]! + losses[2]!) / square).toBeCloseTo(4, 5); // |w - d|² + |w + d|² = 2 |w|² + 2 |d|²
    const filter = (output: Tensor) => output.slice([null, { begin: 1, end: 2 }]).square().sum(); // prettier-ignore
    const one = await lossLine(model, once, { loss: filter, points: 3 });
    expect((one.losses[0]! + one.losses[2]!) / one.losses[1]!).toBeCloseTo(4, 5);
    expect(bitsOf(model)).toEqual(before);
  });

  test('a plane is spanned by two of them, and each value stands at its place', async () => {
    const model = new Weights();
    const before = bitsOf(model);
    const { positions, losses } = await lossPlane(model, once, { loss, points: 5, extent: 2 });
    expect(Array.from(positions)).toEqual([-2, -1, 0, 1, 2]);
    const at = (a: number, b: number) => losses[5 * (a + 2) + b + 2]!;
    const square = squareOf(model);
    const [first, second] = [(at(1, 0) - at(-1, 0)) / 4, (at(0, 1) - at(0, -1)) / 4]; // w · d1 and w · d2
    const both = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / 8; // d1 · d2
    for (let a = -2; a <= 2; a++)
      for (let b = -2; b <= 2; b++)
        expect(at(a, b) / square).toBeCloseTo((square * (1 + a * a + b * b) + 2 * (a * first + b * second + a * b * both)) / square, 4); // sums of float32
    expect(Math.abs(first - second)).toBeGreaterThan(1e-3);
    expect((await lossLine(model, once, { loss, points: 3 })).losses[2]).toBe(at(1, 0));
    expect(await lossPlane(model, once, { loss, points: 2, seed: 1 })).not.toEqual(await lossPlane(model, once, { loss, points: 2 }));
    expect(bitsOf(model)).toEqual(before);
  });

  test('a line between two models begins with one and ends with the other, states included', async () => {
    const made = (seed: number) => {
      const network = sequential([dense({ units: 3 }), batchNorm()]);
      network.build([2], seed);
      return network;
    };
    const [from, to] = [made(1), made(2)];
    for (const { cell } of statesOf(to)) cell.assign(cell.value.add(tensor([1, 2, 3])));
    const data = { async *iterate() { yield { x: randomNormal([5, 2], { seed: 4 }), y: randomNormal([5, 3], { seed: 5 }) }; } }; // prettier-ignore
    const line = await lossLine(from, data, { loss: squared, towards: to, points: 3 });
    const back = await lossLine(to, data, { loss: squared, towards: from, points: 3 });
    expect(Array.from(line.positions)).toEqual([0, 0.5, 1]);
    line.losses.forEach((value, i) => expect(value).toBeCloseTo(back.losses[2 - i]!, 5));
    expect(line.losses[0]).not.toBeCloseTo(line.losses[2]!, 3);
  });

  test('the weights come back after an error', async () => {
    const model = new Weights();
    const before = bitsOf(model);
    let calls = 0;
    const failing = (output: Tensor) => {
      if (calls++ === 1) throw new Error('mine');
      return loss(output);
    };
    await expect(lossLine(model, once, { loss: failing })).rejects.toThrow('mine');
    expect(bitsOf(model)).toEqual(before);
  });

  test.each<[string, object, string]>([
    ['one point', { points: 1 }, 'lossLine: points: expected an integer >= 2, got 1'],
    ['positions turned round', { from: 1, to: 0 }, 'lossLine: from: expected less than to, got 1 and 0'],
    ['another model', { towards: new Linear(2, 2) }, 'lossLine: towards: expected a model with the same parameters and states as the given one'],
  ])('%s', async (_, options, message) => {
    const run = lossLine(new Weights(), once, { loss, ...options });
    await expect(run).rejects.toThrow(SinapseError);
    await expect(run).rejects.toThrow(message);
  }); // prettier-ignore
});
