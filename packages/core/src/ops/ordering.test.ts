// Running products and extremes, quantiles, counts and norms, against plain loops in float64.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grad } from '../autodiff/gradient.ts';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { randomNormal, tensor, zeros } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { all, any, countNonZero } from './counting.ts';
import { cumulativeMax, cumulativeMin } from './cumulative-extreme.ts';
import { cumulativeProduct } from './cumulative-product.ts';
import { takeAlong } from './gather.ts';
import { norm } from './norm.ts';
import { median, quantile } from './quantile.ts';
import { argSort, sort } from './sort.ts';

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

describe.each(Object.entries(backends))('%s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  const values = (x: Tensor): number[] => [...x.dataSync()];
  const closeTo = (expected: readonly number[], digits = 5): number[] => expected.map((y) => expect.closeTo(y, digits) as number);

  test('cumulativeProduct', () => {
    const x = tensor([[2, 3, 0.5, 4], [1, 0, 5, -1]]); // prettier-ignore
    expect(values(cumulativeProduct(x))).toEqual([2, 6, 3, 12, 1, 0, 0, -0]);
    expect(values(cumulativeProduct(x, { exclusive: true }))).toEqual([1, 2, 6, 3, 1, 1, 0, 0]);
    expect(values(cumulativeProduct(x, { reverse: true }))).toEqual([12, 6, 2, 4, -0, -0, -5, -1]);
    expect(values(cumulativeProduct(x, { reverse: true, exclusive: true }))).toEqual([6, 2, 4, 1, -0, -5, -1, 1]);
    expect(values(cumulativeProduct(x, { axis: 0 }))).toEqual([2, 3, 0.5, 4, 2, 0, 2.5, -4]);
    expect(values(cumulativeProduct(tensor([2, 3, 7], { dtype: 'int32' })))).toEqual([2, 6, 42]);
    expect([values(cumulativeProduct(tensor(3))), cumulativeProduct(zeros([2, 0])).shape]).toEqual([[3], [2, 0]]);
    // d/dx_i of the sum of prefixes is the sum, over prefixes with i, of the product of the others: exact also at zeros.
    const slope = grad((t: Tensor) => cumulativeProduct(t).sum())(tensor([2, 0, 3, 0, 5]));
    expect(values(slope)).toEqual([1, 2 + 6, 0, 0, 0]);
  });

  test('cumulativeMax and cumulativeMin with their indices: the first of equal ones, and NaN from where it stands', () => {
    const x = tensor([[1, 3, 3, 2, 5], [4, NaN, 9, NaN, -Infinity]]); // prettier-ignore
    const most = cumulativeMax(x);
    expect(values(most.values)).toEqual([1, 3, 3, 3, 5, 4, NaN, NaN, NaN, NaN]);
    expect(values(most.indices)).toEqual([0, 1, 1, 1, 4, 0, 1, 1, 1, 1]);
    const least = cumulativeMin(x.slice([0]), { reverse: true });
    expect([values(least.values), values(least.indices)]).toEqual([[1, 2, 2, 2, 5], [0, 3, 3, 3, 4]]); // prettier-ignore
    expect(values(cumulativeMax(tensor([-Infinity, -Infinity])).indices)).toEqual([0, 0]);
    expect(values(cumulativeMin(tensor([3, 3, 1], { dtype: 'int32' })).values)).toEqual([3, 3, 1]);
    expect(values(grad((t: Tensor) => cumulativeMax(t).values.sum())(tensor([1, 3, 3, 2, 5])))).toEqual([1, 3, 0, 0, 1]);
  });

  test('argSort puts in order, quantile and median interpolate', () => {
    const x = tensor([[3, 1, 2, 10], [0, NaN, 5, 1]]); // prettier-ignore
    expect(values(argSort(x, { descending: true }))).toEqual([3, 0, 2, 1, 2, 3, 0, 1]);
    expect(values(takeAlong(x, argSort(x)))).toEqual(values(sort(x).values));
    expect(values(median(x, { axis: 1 }))).toEqual([2.5, NaN]);
    expect(values(quantile(x.slice([0]), 0.25))).toEqual([1.75]);
    expect([0, 1 / 3, 1].map((q) => values(quantile(x.slice([0]), q))[0])).toEqual(closeTo([1, 2, 10]));
    const y = randomNormal([4, 5, 6], { seed: 1 });
    const column = (j: number): number[] => values(y).filter((__, i) => Math.floor(i / 6) % 5 === j); // the elements of y[:, j, :]
    const wanted = [0, 1, 2, 3, 4].map((j) => {
      const ordered = column(j).sort((a, b) => a - b);
      return ordered[16]! + (0.7 * 23 - 16) * (ordered[17]! - ordered[16]!);
    });
    const found = quantile(y, 0.7, { axis: [0, 2], keepDims: true });
    expect([found.shape, values(found)]).toEqual([[1, 5, 1], closeTo(wanted)]);
    expect(() => median(zeros([2, 0]), { axis: 1 })).toThrow('median: there is nothing to order in [2,0] over axes 1');
    expect(() => quantile(y, 1.5)).toThrow('quantile: q: expected a number within [0, 1], got 1.5');
  });

  test('any, all and countNonZero', () => {
    const x = tensor([[true, false], [true, true]]); // prettier-ignore
    expect([values(any(x, { axis: 1 })), values(all(x, { axis: 1 })), values(all(x))]).toEqual([[1, 1], [0, 1], [0]]); // prettier-ignore
    expect([any(x).dtype, any(x, { keepDims: true }).shape]).toEqual(['bool', [1, 1]]);
    expect([values(any(zeros([0], 'bool'))), values(all(zeros([0], 'bool')))]).toEqual([[0], [1]]);
    expect(values(countNonZero(tensor([[0, -0, NaN], [1, 0, -2]]), { axis: 1 }))).toEqual([1, 2]); // prettier-ignore
    expect([values(countNonZero(x)), countNonZero(x).dtype]).toEqual([[3], 'int32']);
    expect(() => any(tensor([1]))).toThrow('any: takes bool, got float32; compare it first, e.g. notEqual(x, 0)');
  });

  test.each([0.5, 1, 1.5, 2, 3, 7, Infinity])('norm of order %d', (order) => {
    const x = randomNormal([5, 6], { seed: 3 });
    const wanted = Array.from({ length: 5 }, (__, row) => {
      const sizes = values(x).slice(6 * row, 6 * row + 6).map(Math.abs); // prettier-ignore
      return order === Infinity ? Math.max(...sizes) : sizes.reduce((sum, size) => sum + size ** order, 0) ** (1 / order);
    });
    expect(values(norm(x, { axis: 1, order }))).toEqual(closeTo(wanted, 4));
    expect(norm(x, { axis: [0, 1], order, keepDims: true }).shape).toEqual([1, 1]);
    // Neither the powers of large numbers overflow nor those of small ones vanish.
    for (const size of [1e-30, 1e30]) expect(values(norm(tensor([3 * size, -size]), { order }))[0]! / size).toBeCloseTo(values(norm(tensor([3, -1]), { order }))[0]!, 4); // prettier-ignore
    expect(values(norm(zeros([3]), { order }))).toEqual([0]);
    expect(values(norm(zeros([0]), { order }))).toEqual([0]);
    if (order > 1 && order < Infinity) expect(values(grad((t: Tensor) => norm(t, { order }))(zeros([3])))).toEqual([0, 0, 0]);
    expect(() => norm(x, { order: 0 })).toThrow('norm: order: expected a number > 0 or Infinity, got 0');
  });
});
