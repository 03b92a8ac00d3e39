// Counts, places in an order, closeness, and results whose shape depends on values.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { linspace, ones, randomUniform, tensor, zeros } from '../tensor/creation.ts';
import { memory } from '../tensor/memory.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { booleanMask, nonZero, unique } from './by-value.ts';
import { allClose, isClose } from './closeness.ts';
import { floorDivide, lerp, squaredDifference, truncate } from './difference.ts';
import { binCount, histogram, searchSorted } from './histogram.ts';

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
  const int = (list: number[]): Tensor => tensor(list, { dtype: 'int32' });

  test('binCount counts, or adds weights', () => {
    const x = int([1, 0, 1, 7, -1, 2, 1]);
    expect(values(binCount(x, { length: 4 }))).toEqual([1, 3, 1, 0]);
    expect(values(binCount(x, { length: 3, weights: tensor([1, 2, 3, 4, 5, 6, 7]) }))).toEqual([2, 11, 6]);
    expect(() => binCount(x, { length: 3, weights: ones([2]) })).toThrow('binCount: weights [2] must have the shape of x, [7]');
    // @ts-expect-error
    expect(() => binCount(x)).toThrow('binCount: options: expected an object, got undefined');
  });

  test('histogram counts what lies within, both bounds included', () => {
    expect(values(histogram(tensor([0, 0.1, 0.25, 0.5, 1, -0.1, 1.1, NaN]), { low: 0, high: 1, bins: 4 }))).toEqual([2, 1, 1, 1]);
    const x = randomUniform([1000], { seed: 1, low: -2, high: 2 });
    const wanted = new Array<number>(10).fill(0);
    for (const value of values(x)) wanted[Math.floor(((value + 2) / 4) * 10)]!++;
    expect(values(histogram(x, { low: -2, high: 2 }))).toEqual(wanted);
    expect(() => histogram(x, { low: 1, high: 1 })).toThrow('histogram: low 1 must be less than high 1');
  });

  test('searchSorted finds the place of each value', () => {
    const sorted = tensor([1, 2, 2, 5]);
    expect(values(searchSorted(sorted, tensor([[0, 2], [5, 9]])))).toEqual([0, 1, 3, 4]); // prettier-ignore
    expect(values(searchSorted(sorted, tensor([0, 2, 5, 9]), { side: 'right' }))).toEqual([0, 3, 4, 4]);
    expect(() => searchSorted(ones([2, 2]), ones([1]))).toThrow('searchSorted: takes a sorted vector, got shape [2,2]');
  });

  test('isClose and allClose allow a part of b and something at any size', () => {
    const a = tensor([1, 1, 1000, Infinity, Infinity, NaN]);
    const b = tensor([1.000005, 1.001, 1000.005, Infinity, 1, NaN]);
    expect(values(isClose(a, b))).toEqual([1, 0, 1, 1, 0, 0]);
    expect(values(isClose(a, b, { relative: 0.01 }))).toEqual([1, 1, 1, 1, 0, 0]);
    expect(values(isClose(tensor([1]), tensor([-Infinity])))).toEqual([0]);
    expect([values(allClose(a, a.add(0))), values(allClose(ones([3]), ones([3]))), values(allClose(zeros([0]), zeros([0])))]).toEqual([[0], [1], [1]]); // prettier-ignore
  });

  test('differences, mixtures and truncation', () => {
    expect(values(squaredDifference(tensor([1, 5]), tensor([[3], [1]])))).toEqual([4, 4, 0, 16]); // prettier-ignore
    expect(values(lerp(tensor([0, 10]), tensor([10, 20]), tensor([0.25])))).toEqual([2.5, 12.5]);
    expect(values(floorDivide(tensor([7, -7, 7, 1]), tensor([2, 2, -2, 0])))).toEqual([3, -4, -4, Infinity]);
    expect(values(floorDivide(tensor([1, -1]), tensor([0.1, 0.1])))).toEqual([9, -10]); // 0.1 is above 1 / 10 in float32
    expect(values(floorDivide(int([7, -7, 7, 6, 1]), int([2, 2, -2, -3, 0])))).toEqual([3, -4, -4, -2, 0]);
    expect(values(truncate(tensor([1.9, -1.9, -0.5, Infinity, NaN])))).toEqual([1, -1, -0, Infinity, NaN]);
  });

  test('nonZero, booleanMask and unique wait for values', async () => {
    const x = tensor([[3, 0, -1], [0, NaN, 3]]); // prettier-ignore
    expect(await (await nonZero(x)).array()).toEqual([[0, 0], [0, 2], [1, 1], [1, 2]]); // prettier-ignore
    expect((await nonZero(zeros([2, 3]))).shape).toEqual([0, 2]);
    expect((await nonZero(tensor(5))).shape).toEqual([1, 0]);
    const rows = tensor([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
    expect(await (await booleanMask(rows, tensor([true, false, true]))).array()).toEqual([[1, 2], [5, 6]]); // prettier-ignore
    expect(await (await booleanMask(rows, tensor([false, true]), 1)).array()).toEqual([[2], [4], [6]]); // prettier-ignore
    expect(values(await booleanMask(rows, tensor([[true, false], [false, true], [true, true]])))).toEqual([1, 4, 5, 6]); // prettier-ignore
    await expect(booleanMask(rows, tensor([true]))).rejects.toThrow('booleanMask: the mask [1] does not fit [3,2] from axis 0 on');
    const { values: distinct, inverse, counts } = await unique(x);
    expect([values(distinct), values(inverse), values(counts)]).toEqual([[-1, 0, 3, NaN], [2, 1, 0, 1, 3, 2], [1, 2, 2, 1]]); // prettier-ignore
    expect(inverse.shape).toEqual([2, 3]);
    expect((await unique(tensor([true, false, true]))).values.dtype).toBe('bool');
  });

  test('a mask that was asked for in a scope is applied after its end', async () => {
    const before = memory().tensors;
    const mask = tensor([true, false, true]);
    const picked = scope(() => [booleanMask(linspace(0, 1, 3), mask)])[0]!;
    const y = await picked;
    expect(values(y)).toEqual([0, 1]);
    for (const each of [y, mask]) each.dispose();
    expect(memory().tensors).toBe(before);
  });
});
