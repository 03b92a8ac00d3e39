import { expect, test } from 'vitest';
import { cosine, exponential, logarithm, sine } from './elementary.ts';

// V8's own functions follow fdlibm, with errors below one unit in the last place.
const U = 2 ** -53;
const points = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 37);

test('sine and cosine are within 4 u of the circle', () => {
  for (const x of [...points, 12345.678, -99999.5]) {
    // The angle itself has been reduced with an error of about |x| 2^-86 · x, far below u.
    expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThanOrEqual(4 * U);
    expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThanOrEqual(4 * U);
  }
});

test('the exponential is within 8 u of its size', () => {
  for (const x of [...points, 650.3, -650.3]) expect(Math.abs(exponential(x) - Math.exp(x))).toBeLessThanOrEqual(8 * U * Math.exp(x));
  expect([exponential(0), exponential(800), exponential(-800)]).toEqual([1, Infinity, 0]);
});

test('the logarithm is within 4 u of its size, or of 1', () => {
  for (const x of points) {
    const value = Math.exp(x / 3);
    expect(Math.abs(logarithm(value) - Math.log(value))).toBeLessThanOrEqual(4 * U * Math.max(1, Math.abs(Math.log(value))));
  }
  expect(logarithm(1)).toBe(0);
});
