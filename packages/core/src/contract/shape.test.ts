import { describe, expect, test } from 'vitest';
import { broadcastShapes, checkShape, normalizeAxes, normalizeAxis, stridesOf } from './shape.ts';

describe('broadcasting', () => {
  test.each([
    [[2, 3], [3], [2, 3]],
    [
      [2, 1],
      [1, 3],
      [2, 3],
    ],
    [[], [4, 5], [4, 5]],
    [[1], [0], [0]],
    [
      [8, 1, 6, 1],
      [7, 1, 5],
      [8, 7, 6, 5],
    ], // the example of NumPy's manual
  ])('%j and %j give %j', (a, b, expected) => {
    expect(broadcastShapes('add', a, b)).toEqual(expected);
  });

  test('the error names the shapes and the axis', () => {
    expect(() => broadcastShapes('add', [2, 3], [2, 4])).toThrow('add: shapes [2,3] and [2,4] do not broadcast: axis -1 is 3 and 4');
  });
});

test('strides are row-major', () => {
  expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
  expect(stridesOf([])).toEqual([]);
});

test.each([[[-1]], [[1.5]], [[NaN]], [[2 ** 30, 2 ** 30]]])('%j is not a shape', (shape) => {
  expect(() => checkShape('zeros', shape)).toThrow(/zeros: .*shape/);
});

describe('axes', () => {
  test('count from the end when negative, and come in order', () => {
    expect(normalizeAxis('sum', -1, 3)).toBe(2);
    expect(normalizeAxes('sum', [-1, 0], 3)).toEqual([0, 2]);
    expect(normalizeAxes('sum', undefined, 2)).toEqual([0, 1]);
  });

  test('out of range or doubled is an error', () => {
    expect(() => normalizeAxis('sum', 3, 3)).toThrow('sum: axis 3 is out of range for a tensor of rank 3');
    expect(() => normalizeAxes('sum', [1, -1], 2)).toThrow('name one axis twice');
  });
});
