import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { grad } from '../autodiff/gradient.ts';
import { use } from '../dispatch/active-backend.ts';
import { tensor } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { hardShrink, hardSigmoid, hardSwish, hardTanh, relu6, softShrink, threshold } from './piecewise-activation.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const { abs, max, min, sign } = Math;

const FORMULAS: readonly [string, (x: Tensor) => Tensor, (x: number) => number, number[]][] = [
  ['relu6', relu6, (x) => min(max(0, x), 6), [0, 6]],
  ['hardSigmoid', hardSigmoid, (x) => min(max(0, x / 6 + 0.5), 1), [-3, 3]],
  ['hardSwish', hardSwish, (x) => x * min(max(0, x / 6 + 0.5), 1), [-3]],
  ['hardTanh', hardTanh, (x) => min(max(-1, x), 1), [-1, 1]],
  ['hardShrink', (x) => hardShrink(x), (x) => (abs(x) > 0.5 ? x : 0), [-0.5, 0.5]],
  ['softShrink', (x) => softShrink(x, 0.25), (x) => sign(x) * max(0, abs(x) - 0.25), [-0.25, 0.25]],
  ['threshold', (x) => threshold(x, 0.5, -2), (x) => (x > 0.5 ? x : -2), [0.5]],
];

describe.each(FORMULAS)('%s', (_, op, formula, corners) => {
  test('is its formula, corners, infinity and NaN included', () => {
    const points = [-20, -3, -1, -0.5, -0.375, -0.25, 0, 0.125, 0.25, 0.5, 0.75, 1, 3, 6, 6.5, 20, Infinity];
    const y = op(tensor(points)).dataSync();
    points.forEach((x, i) => expect(y[i], `at ${x}`).toBeCloseTo(formula(x), 14));
    expect(op(tensor([NaN])).dataSync()[0]).toBeNaN();
  });

  test('has at a corner the gradient of the flat side', () => {
    const slopes = grad((x: Tensor) => op(x).sum())(tensor(corners)).dataSync();
    expect([...slopes]).toEqual(corners.map(() => 0));
  });
});

test('parameters out of range are refused in one line', () => {
  expect(() => hardShrink(tensor([1]), -1)).toThrow('hardShrink: limit: expected a finite number >= 0, got -1');
  expect(() => threshold(tensor([1]), NaN)).toThrow('threshold: theta: expected a finite number, got NaN');
  expect(() => relu6(tensor([1], { dtype: 'int32' }))).toThrow('relu6: takes float32, got int32');
});
