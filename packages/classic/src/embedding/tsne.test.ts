// t-SNE keeps clusters together; its similarities have the perplexity that was asked for.

import { cpu } from '@sinapse/backend-cpu';
import { randomNormal, tensor, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { tsne } from '../index.ts';
import { jointSimilarities } from './tsne.ts';

beforeAll(async () => void use(await cpu()));

const COUNT = 60;
/** Three clouds in 8 dimensions. */
const clouds = () =>
  randomNormal([COUNT, 8], { seed: 1, deviation: 0.4 }).add(tensor(Array.from({ length: COUNT }, (_, i) => Array.from({ length: 8 }, (_each, axis) => Number(axis === i % 3) * 3)))); // prettier-ignore

test('clusters of examples are clusters of points', async () => {
  const { points, divergence } = await tsne(clouds(), { perplexity: 8, iterations: 250 });
  expect(points.shape).toEqual([COUNT, 2]);
  expect(divergence).toBeLessThan(1);
  const places = points.dataSync();
  const distance = (i: number, j: number): number => Math.hypot(places[2 * i]! - places[2 * j]!, places[2 * i + 1]! - places[2 * j + 1]!);
  for (let i = 0; i < COUNT; i++) {
    const others = Array.from({ length: COUNT }, (_, j) => j).filter((j) => j !== i).sort((a, b) => distance(i, a) - distance(i, b)); // prettier-ignore
    expect(others.slice(0, 5).map((j) => j % 3)).toEqual(Array.from({ length: 5 }, () => i % 3));
  }
});

test('similarities are those of the formula, with precisions in float64', () => {
  const x = [0, 1, 3, 4.5, 7, 11, 12, 13].map(Math.fround);
  const rows = x.map((from, i) => {
    const row = (precision: number): number[] => {
      const values = x.map((to, j) => (i === j ? 0 : Math.exp(-precision * (from - to) ** 2)));
      const sum = values.reduce((a, b) => a + b, 0);
      return values.map((value) => value / sum);
    };
    const entropy = (p: number[]): number => -p.reduce((sum, each) => sum + (each > 0 ? each * Math.log(each) : 0), 0);
    let [low, high] = [1e-6, 1e4];
    for (let step = 0; step < 200; step++) {
      const middle = Math.sqrt(low * high);
      if (entropy(row(middle)) > Math.log(2)) low = middle;
      else high = middle;
    }
    return row(Math.sqrt(low * high));
  });
  const got = jointSimilarities(tensor(x.map((value) => [value])), 2).dataSync();
  rows.forEach((row, i) => row.forEach((p, j) => expect(got[8 * i + j]).toBeCloseTo((p + rows[j]![i]!) / 16, 5)));
  expect(Array.from(got).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
});

test('a perplexity that is too large', async () => {
  await expect(tsne(clouds(), { perplexity: 20 })).rejects.toThrow('tsne: perplexity must be below a third of the 60 examples, got 20');
});
