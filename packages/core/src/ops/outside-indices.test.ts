// Indices out of range, of ops that look elements up in flattened rows: they must not reach a neighbouring row.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grad } from '../autodiff/gradient.ts';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { tensor } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gather, scatterAlongLast, takeAlongLast } from './gather.ts';

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

const int = { dtype: 'int32' } as const;

describe.each(Object.entries(backends))('%s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  const indices = (): Tensor => tensor([[3, 0], [-1, 2], [2 ** 31 - 1, -(2 ** 31)]], int); // prettier-ignore
  const rows = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; // prettier-ignore

  test('takeAlongLast gives NaN, or 0 for integers, as gather does', () => {
    expect([...takeAlongLast(tensor(rows), indices()).dataSync()]).toEqual([NaN, 1, NaN, 6, NaN, NaN]);
    expect([...takeAlongLast(tensor(rows, int), indices()).dataSync()]).toEqual([0, 1, 0, 6, 0, 0]);
    expect([...gather(tensor([1, 2, 3]), tensor([3, -1, 2], int)).dataSync()]).toEqual([NaN, NaN, 3]);
  });

  test('scatterAlongLast drops their updates, and so does the gradient of takeAlongLast', () => {
    const updates = tensor([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
    expect([...scatterAlongLast(indices(), updates, 3).dataSync()]).toEqual([2, 0, 0, 0, 0, 4, 0, 0, 0]);
    const slope = grad((x: Tensor) => takeAlongLast(x, indices()).sum())(tensor(rows));
    expect([...slope.dataSync()]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0]);
  });
});
