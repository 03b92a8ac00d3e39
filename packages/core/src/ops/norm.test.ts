// Norms and standard deviations of very large, very small and equal numbers.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grad } from '../autodiff/gradient.ts';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { full, tensor, zeros } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { norm } from './norm.ts';
import { standardDeviation } from './variance.ts';

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

const relative = (actual: Tensor, wanted: number): void => expect(actual.dataSync()[0]! / wanted).toBeCloseTo(1, 6);

describe.each(Object.entries(backends))('%s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  test.each([1e-35, 1e-30, 1e-20, 1, 1e19, 9e37])('squares of %d neither overflow nor vanish', (size) => {
    relative(norm(tensor([3 * size, 0, -2 * size])), Math.sqrt(13) * size);
    relative(norm(full([1000, 7], size / 100), { axis: 0 }), (Math.sqrt(1000) * size) / 100);
    relative(standardDeviation(tensor([size, -size, size, -size])), size);
    const slope = grad((x: Tensor) => norm(x))(tensor([3 * size, 0, -4 * (size / 2)])).dataSync();
    [3, 0, -2].forEach((x, i) => expect(slope[i]).toBeCloseTo(x / Math.sqrt(13), 6));
  });

  test('at 0 the gradients of norm and standardDeviation are 0', () => {
    expect([...grad((x: Tensor) => norm(x))(zeros([3])).dataSync()]).toEqual([0, 0, 0]);
    expect([...grad((x: Tensor) => standardDeviation(x))(tensor([2, 2, 2])).dataSync()]).toEqual([0, 0, 0]);
    expect([...grad((x: Tensor) => norm(x, { axis: 1 }).sum())(tensor([[0, 0], [3, -4]])).dataSync()]).toEqual([0, 0, expect.closeTo(0.6), expect.closeTo(-0.8)]); // prettier-ignore
  });

  test('of nothing, one element, infinities and NaN', () => {
    expect([...norm(zeros([0])).dataSync()]).toEqual([0]);
    expect([...norm(tensor([[-2], [3]]), { axis: 1 }).dataSync()]).toEqual([2, 3]);
    expect([...norm(tensor([-2, 3]), { axis: [] }).dataSync()]).toEqual([2, 3]);
    expect([...norm(tensor([[Infinity, 1], [NaN, 1]]), { axis: 1 }).dataSync()]).toEqual([Infinity, NaN]); // prettier-ignore
    expect([...standardDeviation(tensor([5]), { correction: 1 }).dataSync()]).toEqual([NaN]);
  });
});
