import { expect, test } from 'vitest';
import { checkOutputs, worstError } from './check.ts';

test('the worst error is relative to the root mean square of what is expected', () => {
  expect(worstError([3, 4.5], [3, 4])).toBeCloseTo(0.5 / Math.sqrt(12.5), 12);
  expect(worstError([3, 4], [3, 4])).toBe(0);
});

test('NaN, infinity and a missing value are infinitely wrong', () => {
  expect(worstError([NaN, 4], [3, 4])).toBe(Infinity);
  expect(worstError([3, NaN], [3, 4])).toBe(Infinity);
  expect(worstError([3, -Infinity], [3, 4])).toBe(Infinity);
  expect(worstError([3], [3, 4])).toBe(Infinity);
});

test('all outputs are checked, and the reason names the one that is wrong', () => {
  const expected = { y: { values: [1, 1] }, dw: { indices: [0, 9], values: [2, 2] } };
  expect(checkOutputs({ y: [1, 1], dw: [2, 2.02] }, expected, 0.02)).toBeCloseTo(0.01, 12);
  expect(() => checkOutputs({ y: [1, 1], dw: [2, 2.2] }, expected, 0.02)).toThrow(
    'wrong: dw is off by 1.0e-1 of its size, the tolerance is 0.02',
  );
  expect(() => checkOutputs({ y: [1, 1] }, expected, 0.02)).toThrow('wrong: it gave no dw');
  expect(() => checkOutputs({ y: [1], dw: [2, 2] }, expected, 0.02)).toThrow('wrong: it gave 1 values of y, expected 2');
});
