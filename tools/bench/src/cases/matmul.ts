// Products of square matrices, plain and transposed, and of a matrix by one or a few vectors.

import { uniform } from '../problem/numbers.ts';
import { sampleIndices } from '../problem/samples.ts';
import type { MatmulTask } from '../problem/task.ts';
import type { BenchCase } from './bench-case.ts';

/** For sums of k products in float32, in any order: 20 k^0.5 2^-24 times the result's deviation; 20 is a margin. */
const TOLERANCE = 5e-5;

interface Shape {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

function product(name: string, title: string, { m, k, n, transposeA = false, transposeB = false }: Shape): BenchCase {
  const task: MatmulTask = { kind: 'matmul', m, k, n, transposeA, transposeB };
  const a = transposeA ? [k, m] : [m, k];
  const b = transposeB ? [n, k] : [k, n];
  return {
    name,
    title,
    task,
    unit: 'GFLOP/s',
    flops: 2 * m * k * n,
    bytes: 4 * (m * k + k * n + m * n),
    tolerance: TOLERANCE,
    arrays: () =>
      new Map([
        ['a', { shape: a, data: uniform('a', a) }],
        ['b', { shape: b, data: uniform('b', b) }],
      ]),
    expected: (arrays) => {
      const indices = sampleIndices(m * n, k);
      return { y: { indices, values: products(task, arrays.get('a')!.data, arrays.get('b')!.data, indices) } };
    },
  };
}

function square(size: number, transposed: Pick<Shape, 'transposeA' | 'transposeB'> = {}): BenchCase {
  const { transposeA, transposeB } = transposed;
  const [suffix, words] = transposeA ? ['-ta', ', A transposed'] : transposeB ? ['-tb', ', B transposed'] : ['', ''];
  return product(`matmul-${size}${suffix}`, `matmul ${size}${words}`, { m: size, k: size, n: size, ...transposed });
}

/** The elements of the product at `indices`, summed in float64. */
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

const SIDE = 4096;

export const matmulCases: readonly BenchCase[] = [
  square(512),
  square(1024),
  square(2048),
  square(1024, { transposeA: true }),
  square(1024, { transposeB: true }),
  // The last layers of a network, for one example or a few: each matrix element is used in only that many multiplications.
  product('gemv', 'matrix 4096² by vector', { m: SIDE, k: SIDE, n: 1 }),
  product('gemv-t', 'matrix 4096² transposed by vector', { m: SIDE, k: SIDE, n: 1, transposeA: true }),
  product('gemm-8', '8 rows by matrix 4096²', { m: 8, k: SIDE, n: SIDE }),
];
