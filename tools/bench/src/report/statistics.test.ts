import { expect, test } from 'vitest';
import { median, quantile, spread } from './statistics.ts';

test('the median is the middle value, or the mean of the two middle ones, whatever the order', () => {
  expect(median([3])).toBe(3);
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([10, 9, 100])).toBe(10); // as numbers, not as text
});

test('quantiles as NumPy gives them: np.quantile([1, 2, 4, 8, 16], [0, 0.1, 0.25, 0.75, 1])', () => {
  const values = [16, 1, 8, 2, 4];
  expect([0, 0.1, 0.25, 0.75, 1].map((share) => quantile(values, share))).toEqual([1, 1.4, 2, 8, 16]);
});

test('the spread is half the distance of the quartiles by the median; one value has none', () => {
  expect(spread([1, 2, 4, 8, 16])).toBe(0.75);
  expect(spread([7])).toBe(0);
});

test('nothing has no median', () => {
  expect([median([]), quantile([], 0.2), spread([])]).toEqual([NaN, NaN, NaN]);
});

test('the values are left as they are', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});
