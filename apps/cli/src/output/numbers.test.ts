import { expect, it } from 'vitest';
import { count, duration, loss, percent, plural } from './numbers.ts';

it('writes numbers as people read them', () => {
  expect(count(61706)).toBe('61,706');
  expect(percent(0.98765)).toBe('98.77%');
  expect(plural(1, 'image')).toBe('1 image');
  expect(plural(2000, 'image')).toBe('2,000 images');
});

it('keeps losses short and telling', () => {
  expect([0.12345, 0, 2.3, 0.000012, 12345, NaN].map(loss)).toEqual(['0.1235', '0.0000', '2.3000', '1.20e-5', '1.23e+4', 'NaN']);
});

it('writes durations from tenths of a second to hours', () => {
  expect([0.84, 9.96, 59.4, 59.6, 185, 3727, Infinity].map(duration)).toEqual(['0.8 s', '10 s', '59 s', '1:00', '3:05', '1:02:07', '?']);
});
