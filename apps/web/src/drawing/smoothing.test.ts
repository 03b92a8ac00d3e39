import { expect, test } from 'vitest';
import { smoothed } from './smoothing.ts';

test('without smoothing, values stay as they are', () => expect(smoothed([3, -1, 2], 0)).toEqual([3, -1, 2]));

test('each is the mean of those so far, weighed by powers', () => {
  const [values, w] = [[4, 8, 2, 6], 0.9];
  const expected = values.map((_, t) => {
    const weights = values.slice(0, t + 1).map((__, i) => w ** (t - i));
    return weights.reduce((sum, weight, i) => sum + weight * values[i]!, 0) / weights.reduce((sum, weight) => sum + weight, 0);
  });
  smoothed(values, w).forEach((value, t) => expect(value).toBeCloseTo(expected[t]!, 12));
});

test('a constant stays one from the first value on, and values that are not finite are left out', () => {
  expect(smoothed([5, 5, NaN, 5], 0.97).every((value) => Math.abs(value - 5) < 1e-12)).toBe(true);
});
