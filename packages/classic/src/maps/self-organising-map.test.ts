// Maps spread over examples without folds; their figures against distances that are known.

import { cpu } from '@sinapse/backend-cpu';
import { randomUniform, tensor, use } from '@sinapse/core';
import { digits } from '@sinapse/datasets';
import { beforeAll, describe, expect, test } from 'vitest';
import { selfOrganisingMap } from '../index.ts';

beforeAll(async () => void use(await cpu()));

const square = () => randomUniform([150, 2], { seed: 2 });

describe.each(['rectangular', 'hexagonal'] as const)('a %s map', (topology) => {
  test.each(['batch', 'online'] as const)('learns a square, %s', async (learning) => {
    const map = await selfOrganisingMap({ rows: 5, columns: 5, topology, learning, epochs: 8 }).fit(square());
    // 25 units over a square: one for each 0.2 x 0.2, whose points lie 0.077 from the middle on average; units at the border lie further inside.
    expect(await map.quantisationError(square())).toBeLessThan(0.12);
    expect(await map.topographicError(square())).toBeLessThan(0.1);
  });

  test('from random examples, too', async () => {
    const map = await selfOrganisingMap({ rows: 4, columns: 4, topology, start: 'examples', seed: 1 }).fit(square());
    expect(await map.topographicError(square())).toBeLessThan(0.1);
  });
});

describe('figures', () => {
  /** A map that is given: units in one row, at these places. */
  const given = (places: number[]) => {
    const map = selfOrganisingMap({ rows: 1, columns: places.length, topology: 'rectangular' });
    map.restore(new Map([['units', { data: Float32Array.from(places), shape: [places.length, 1] }]]));
    return map;
  };

  test('errors and U-matrix of units on a line', async () => {
    const map = given([0, 10, 1]);
    expect(Array.from(map.predict(tensor([[0.4], [9]])).dataSync())).toEqual([0, 1]);
    expect(await map.quantisationError(tensor([[0.4], [9]]))).toBeCloseTo(0.7, 5);
    // Of 0.4, the nearest are the units 0 and 2, which are no neighbours; of 9, units 1 and 2, which are.
    expect(await map.topographicError(tensor([[0.4], [9]]))).toBe(0.5);
    [10, 9.5, 9].forEach((each, i) => expect(map.uMatrix().dataSync()[i]).toBeCloseTo(each, 4));
    expect(map.uMatrix().shape).toEqual([1, 3]);
  });

  test('a batch pass gives the weighted means', async () => {
    const map = await selfOrganisingMap({ rows: 1, columns: 2, topology: 'rectangular', epochs: 1, lastRadius: 1 }).fit(tensor([[0], [4]])); // prettier-ignore
    const near = Math.exp(-0.5);
    [(4 * near) / (1 + near), 4 / (1 + near)].forEach((each, i) => expect(map.arrays().get('units')!.dataSync()[i]).toBeCloseTo(each, 5));
  });
});

test('a world map of digits: neighbours look alike, and a unit stands for a class', async () => {
  const { images, labels } = digits({ count: 200, seed: 1 });
  // Each 4 x 4 pixels become their mean, [200, 49].
  const x = tensor(images, { shape: [200, 7, 4, 7, 4] }).cast('float32').mean({ axis: [2, 4] }).mul(1 / 255).reshape([200, 49]); // prettier-ignore
  const map = await selfOrganisingMap({ rows: 6, columns: 6, epochs: 15, lastRadius: 0.7 }).fit(x);
  expect(await map.topographicError(x)).toBeLessThan(0.1);
  const units = map.predict(x).dataSync();
  const votes = Array.from({ length: 36 }, () => new Map<number, number>());
  units.forEach((unit, i) => votes[unit]!.set(labels[i]!, (votes[unit]!.get(labels[i]!) ?? 0) + 1));
  const right = votes.reduce((sum, counts) => sum + Math.max(0, ...counts.values()), 0);
  expect(right).toBeGreaterThan(100); // 20 if units knew nothing of classes, up to 40 by their best of few
});

test('a map with zero cells', () => {
  expect(() => selfOrganisingMap({ rows: 0, columns: 3 })).toThrow('selfOrganisingMap: rows: expected an integer >= 1, got 0');
});
