// A Hopfield memory recalls what it stored, and its energy falls.

import { reference } from '@sinapse/backend-reference';
import { RandomStream, randomKey, tensor, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { hopfield } from '../index.ts';

beforeAll(() => void use(reference({ poison: true })));

const random = new RandomStream(randomKey(1));
const patterns = Array.from({ length: 4 }, () => Array.from({ length: 64 }, () => (random.uniform() < 0.5 ? -1 : 1)));
/** The patterns with some units turned. */
const damaged = (turned: number) =>
  patterns.map((pattern, row) => pattern.map((value, i) => ((i * 7 + row) % 64 < turned ? -value : value)));

test('patterns are where states settle, and damaged ones lead back', async () => {
  const memory = await hopfield().fit(tensor(patterns));
  expect(Array.from((await memory.predict(tensor(patterns))).dataSync())).toEqual(patterns.flat());
  const [before, after] = [tensor(damaged(10)), await memory.predict(tensor(damaged(10)))];
  expect(Array.from(after.dataSync())).toEqual(patterns.flat());
  const [high, low] = [before, after].map((state) => memory.energy(state).dataSync());
  low!.forEach((energy, i) => expect(energy).toBeLessThan(high![i]!));
});

test('weights and energy are those of the formula', async () => {
  const memory = await hopfield().fit(tensor([[1, -1, 1], [1, 1, 1]])); // prettier-ignore
  expect(Array.from(memory.arrays().get('weights')!.dataSync(), (w) => Math.round(3 * w) + 0)).toEqual([0, 0, 2, 0, 0, 0, 2, 0, 0]);
  expect(memory.energy(tensor([[1, -1, 1]])).dataSync()[0]).toBeCloseTo(-2 / 3, 6);
});

test('patterns of other values, states of other lengths', async () => {
  await expect(hopfield().fit(tensor([[0, 1]]))).rejects.toThrow('hopfield: x must be of 1 and -1 only');
  const memory = await hopfield().fit(tensor(patterns));
  await expect(memory.predict(tensor([[1, -1]]))).rejects.toThrow(
    'hopfield: x must have 64 features, as what it has learnt from, got [1,2]',
  );
});
