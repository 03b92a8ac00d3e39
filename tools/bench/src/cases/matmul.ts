// Products of square matrices, as they lie and transposed.

import { uniform } from '../problem/numbers.ts';
import { sampleIndices } from '../problem/samples.ts';
import type { MatmulTask } from '../problem/task.ts';
import type { BenchCase } from './bench-case.ts';

/** A sum of k products in float32, in any order: below k^0.5 * 2^-24 of the result's deviation for random signs, with a margin of twenty. */
const TOLERANCE = 5e-5;

function matmul(size: number, transposed: { readonly a?: boolean; readonly b?: boolean } = {}): BenchCase {
  const { a: transposeA = false, b: transposeB = false } = transposed;
  const task: MatmulTask = { kind: 'matmul', m: size, k: size, n: size, transposeA, transposeB };
  const suffix = transposeA ? '-ta' : transposeB ? '-tb' : '';
  return {
    name: `matmul-${size}${suffix}`,
    title: `matmul ${size}${transposeA ? ', A transposed' : transposeB ? ', B transposed' : ''}`,
    task,
    unit: 'GFLOP/s',
    flops: 2 * size ** 3,
    bytes: 3 * 4 * size ** 2,
    tolerance: TOLERANCE,
    arrays: () =>
      new Map([
        ['a', { shape: [size, size], data: uniform('a', [size, size]) }],
        ['b', { shape: [size, size], data: uniform('b', [size, size]) }],
      ]),
    expected: (arrays) => {
      const indices = sampleIndices(size * size, size);
      return { y: { indices, values: products(task, arrays.get('a')!.data, arrays.get('b')!.data, indices) } };
    },
  };
}

/** Elements of the product, each summed in float64. */
function products(
  { m, k, n, transposeA, transposeB }: MatmulTask,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  indices: readonly number[],
): number[] {
  return indices.map((index) => {
    const row = Math.floor(index / n);
    const column = index % n;
    let sum = 0;
    for (let i = 0; i < k; i++) sum += a[transposeA ? i * m + row : row * k + i]! * b[transposeB ? column * k + i : i * n + column]!;
    return sum;
  });
}

export const matmulCases: readonly BenchCase[] = [
  matmul(512),
  matmul(1024),
  matmul(2048),
  matmul(1024, { a: true }),
  matmul(1024, { b: true }),
];
