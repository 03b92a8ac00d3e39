// k-means: Lloyd's algorithm never raises the inertia, and finds clouds that lie apart.

import { reference } from '@sinapse/backend-reference';
import { randomUniform, tensor, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { kMeans } from '../index.ts';

beforeAll(() => void use(reference({ poison: true })));

const CORNERS = [[0, 0], [10, 0], [0, 10]]; // prettier-ignore
const rows = Array.from({ length: 30 }, (_, i) => CORNERS[i % 3]!.map((value, axis) => value + ((i * (7 + axis)) % 10) / 10));

test('clouds that lie apart: the centres are their means', async () => {
  const model = await kMeans({ clusters: 3, seed: 1 }).fit(tensor(rows));
  const found = model.predict(tensor(rows)).dataSync();
  expect(new Set(found.slice(0, 3)).size).toBe(3);
  found.forEach((cluster, i) => expect(cluster).toBe(found[i % 3]));
  for (let corner = 0; corner < 3; corner++) {
    const members = rows.filter((_, i) => i % 3 === corner);
    const centre = model
      .arrays()
      .get('centres')!
      .dataSync()
      .slice(2 * found[corner]!, 2 * found[corner]! + 2);
    [0, 1].forEach((axis) => expect(centre[axis]).toBeCloseTo(members.reduce((sum, row) => sum + row[axis]!, 0) / 10, 4)); // prettier-ignore
  }
  expect(await model.inertia(tensor(rows))).toBeCloseTo(model.inertias.at(-1)!, 5);
});

test('the inertia never rises', async () => {
  const model = await kMeans({ clusters: 6, restarts: 1, seed: 2 }).fit(randomUniform([200, 3], { seed: 5 }));
  expect(model.inertias.length).toBeGreaterThan(3);
  model.inertias.slice(1).forEach((inertia, i) => expect(inertia).toBeLessThanOrEqual(model.inertias[i]! + 1e-6)); // rounding of float32
});

test('as many clusters as examples: each is its own centre', async () => {
  const model = await kMeans({ clusters: 4, restarts: 1 }).fit(tensor([[1], [2], [2], [4]]));
  expect(await model.inertia(tensor([[1], [2], [2], [4]]))).toBeCloseTo(0, 6);
});

test('more clusters than examples', async () => {
  await expect(kMeans({ clusters: 5 }).fit(tensor([[1], [2]]))).rejects.toThrow('kMeans: 5 clusters need as many examples, got 2');
});
