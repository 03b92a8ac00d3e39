// Values put and added at indices, against plain loops.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { ones, range, tensor, zeros } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gatherND, scatterND } from './gather-nd.ts';
import { putAlong, scatter, scatterAddAlong } from './put.ts';

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

const int = (values: Parameters<typeof tensor>[0]): Tensor => tensor(values, { dtype: 'int32' });

describe.each(Object.entries(backends))('%s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  test('putAlong and scatterAddAlong do what a loop does: the last update remains, or all add up', () => {
    const [rows, n, k] = [7, 5, 9];
    // Products modulo a prime look random; indices go from -1 to n, both out of range.
    const at = Array.from({ length: rows * k }, (__, i) => ((i * 37 + 11) % 101) % (n + 2) - 1); // prettier-ignore
    const x = Array.from({ length: rows * n }, (__, i) => i + 1);
    const updates = Array.from({ length: rows * k }, (__, i) => 1000 + ((i * 29) % 97));
    const [put, added] = [[...x], [...x]];
    at.forEach((index, i) => {
      if (index < 0 || index >= n) return;
      const element = Math.floor(i / k) * n + index;
      put[element] = updates[i]!;
      added[element]! += updates[i]!;
    });
    for (const dtype of ['float32', 'int32'] as const) {
      const [base, indices, values] = [
        tensor(x, { shape: [rows, n], dtype }),
        int(at).reshape([rows, k]),
        tensor(updates, { shape: [rows, k], dtype }),
      ];
      expect([...putAlong(base, indices, values).dataSync()]).toEqual(put);
      expect([...scatterAddAlong(base, indices, values).dataSync()]).toEqual(added);
      const turned = putAlong(base.transpose(), indices.transpose(), values.transpose(), 0);
      expect([...turned.transpose().dataSync()]).toEqual(put);
    }
  });

  test('scatter replaces slices', async () => {
    const x = zeros([3, 2]);
    const updates = tensor([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
    expect(await scatter(x, int([2, 0, 2]), updates).array()).toEqual([[3, 4], [0, 0], [5, 6]]); // prettier-ignore
    expect(await scatter(x, int([1, 5, -1]), updates).array()).toEqual([[0, 0], [1, 2], [0, 0]]); // prettier-ignore
    expect(await scatter(ones([2]).cast('bool'), int([1]), zeros([1], 'bool')).array()).toEqual([true, false]);
    expect(await scatter(tensor([NaN, Infinity]), int([0]), tensor([1])).array()).toEqual([1, Infinity]);
    expect(() => scatter(x, int([0]), updates)).toThrow('scatter: updates [3,2] do not fit indices [1] at axis 0 of [3,2]');
    expect(() => scatter(x, int([0]), int([[1, 2]]))).toThrow('scatter: x is float32, the updates int32; cast one of them');
  });

  test('putAlong of nothing changes nothing, and shapes must fit', async () => {
    const x = range(3);
    expect(await putAlong(x, zeros([0], 'int32'), zeros([0], 'int32')).array()).toEqual([0, 1, 2]);
    expect(() => putAlong(x, int([0, 1]), int([1]))).toThrow('putAlong: indices [2] and updates [1] differ');
    expect(() => putAlong(x, int([[0]]), int([[1]]))).toThrow('putAlong: x [3] and indices [1,1] differ beside axis 0');
  });

  test('gatherND picks by several indices, scatterND adds there', async () => {
    const x = range(12).reshape([3, 2, 2]);
    expect(await gatherND(x, int([[2, 1], [0, 0]])).array()).toEqual([[10, 11], [0, 1]]); // prettier-ignore
    expect(await gatherND(x, int([[2, 1, 0], [0, 2, 0], [-1, 0, 0]])).array()).toEqual([10, 0, 0]); // prettier-ignore
    expect(await gatherND(tensor([1, 2]), int([[5], [1]])).array()).toEqual([NaN, 2]); // prettier-ignore
    const sums = scatterND(int([[1, 1], [0, 3], [1, 1], [2, 0]]), tensor([1, 2, 3, 4]), [2, 2]); // prettier-ignore
    expect(await sums.array()).toEqual([[0, 0], [0, 4]]); // prettier-ignore
    expect(() => gatherND(x, int([1, 2, 3, 4]))).toThrow(
      'gatherND: indices [4] must end in an axis of 1 to 3 indices, for the axes of [3,2,2]',
    );
    expect(() => scatterND(int([[0]]), ones([2]), [3])).toThrow('scatterND: updates [2] do not fit indices [1,1] in [3]');
  });
});
