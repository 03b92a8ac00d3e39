// matmul and linear on every engine, with shapes that reach every path through kernels/gemm. Sums of small integers are exact in any order; fractions
// may differ by the testkit's tolerance.

import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Shape } from '@sinapse/core';
import type { FuzzCall } from './fuzz.ts';
import { exactly, FULL, fuzz, FUZZ_TIMEOUT, seeds, smallIntegers } from './fuzz.ts';
import { conforming, FLOAT32, uniform } from './tolerance.ts';

interface Product {
  /** Numbers of matrices of a and of b. */
  readonly batch: readonly [a: number, b: number];
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly seed: number;
}

type Values = (shape: Shape, seed: number) => FuzzCall['in'][string];
const integers: Values = (shape, seed) => smallIntegers('float32', shape, seed);
const fractions: Values = (shape, seed) => uniform(shape, seed);

const matmul =
  (values: Values) =>
  ({ batch: [left, right], m, n, k, transposeA = false, transposeB = false, seed }: Product): FuzzCall => ({
    kernel: 'matmul',
    in: {
      a: values(transposeA ? [left, k, m] : [left, m, k], seed),
      b: values(transposeB ? [right, n, k] : [right, k, n], seed + 1),
    },
    out: { y: { dtype: 'float32', shape: [left === 1 ? right : left, m, n] } },
    attrs: { transposeA, transposeB, precision: FLOAT32 },
  });

type Activated = Product & { readonly bias: boolean; readonly activation: string };
const linear =
  (values: Values) =>
  ({ m, n, k, bias, activation, seed }: Activated): FuzzCall => ({
    kernel: 'linear',
    in: { x: values([m, k], seed), weight: values([k, n], seed + 1), ...(bias && { bias: values([n], seed + 2) }) },
    out: { y: { dtype: 'float32', shape: [m, n] } },
    attrs: { activation, precision: FLOAT32 },
    scalars: { alpha: 0.5 },
  });

/** Lengths near the sizes of vectors, tiles and panels, and of blocks of rows, columns and k; lengths that make a product tall, flat or deep. */
const lengths = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 6, arbitrary: fc.constantFrom(12, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 55, 56, 57, 64, 65, 100, 127, 128, 129) },
  { weight: 5, arbitrary: fc.integer({ min: 130, max: 700 }) },
  { weight: 3, arbitrary: fc.constantFrom(383, 384, 385, 511, 512, 513, 768, 769, 1024, 1025) },
  { weight: 3, arbitrary: fc.integer({ min: 2048, max: 20_000 }) },
);
const batches = fc.oneof(
  { weight: 5, arbitrary: fc.constant(1) },
  { weight: 4, arbitrary: fc.integer({ min: 2, max: 9 }) },
  { weight: 1, arbitrary: fc.integer({ min: 40, max: 2000 }) },
);

/**
 * `sizes` are numbers of multiplications: below SERIAL_MACS, a task or two, many tasks. Lengths are cut in a random order to what is left, so the
 * first ones stay long.
 */
const products = (sizes: readonly number[]): fc.Arbitrary<Product> =>
  fc
    .record({
      batch: batches,
      shared: fc.constantFrom('none', 'none', 'a', 'b'),
      drawn: fc.record({ m: lengths, n: lengths, k: lengths }),
      order: fc.shuffledSubarray(['m', 'n', 'k'] as const, { minLength: 3 }),
      most: fc.constantFrom(...sizes),
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      seed: seeds,
    })
    .map(({ batch, shared, drawn, order, most, ...others }) => {
      const cut = { ...drawn };
      let left = most;
      for (const axis of order) {
        cut[axis] = Math.min(cut[axis], left);
        left = Math.floor(left / cut[axis]);
      }
      const count = Math.max(1, Math.min(batch, left));
      return { ...others, ...cut, batch: [shared === 'a' ? 1 : count, shared === 'b' ? 1 : count] as const };
    });

const SMALLER = [2 ** 17, 2 ** 19, 2 ** 21];
const SIZES = FULL ? [...SMALLER, 3e6, 1.2e7] : [...SMALLER, 5e6];
const activated = (of: fc.Arbitrary<Product>, activations: readonly string[]): fc.Arbitrary<Activated> =>
  fc.tuple(of, fc.boolean(), fc.constantFrom(...activations)).map(([product, bias, activation]) => ({ ...product, bias, activation }));

const EXACT = ['linear', 'relu', 'leakyRelu'];
const ALL = [...EXACT, 'sigmoid', 'tanh'];

describe('random shapes', () => {
  const RUNS = { quick: 30, full: 800 };
  it('matmul of integers', fuzz(products(SIZES).map(matmul(integers)), exactly, RUNS), FUZZ_TIMEOUT);
  it('linear of integers', fuzz(activated(products(SIZES), EXACT).map(linear(integers)), exactly, RUNS), FUZZ_TIMEOUT);

  const fewRows: fc.Arbitrary<Product> = fc.record({
    batch: fc.constant([1, 1] as const),
    m: fc.integer({ min: 1, max: 9 }),
    n: fc.integer({ min: 500, max: 1200 }),
    k: fc.integer({ min: 100, max: 600 }),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    seed: seeds,
  });
  it('matmul of few rows', fuzz(fewRows.map(matmul(integers)), exactly, RUNS), FUZZ_TIMEOUT);
  it('linear of few rows', fuzz(activated(fewRows, EXACT).map(linear(integers)), exactly, RUNS), FUZZ_TIMEOUT);

  const FEWER = { quick: 12, full: 300 };
  const smaller = products(SMALLER);
  it('matmul of fractions', fuzz(smaller.map(matmul(fractions)), conforming, FEWER), FUZZ_TIMEOUT);
  it('linear of fractions', fuzz(activated(smaller, ALL).map(linear(fractions)), conforming, FEWER), FUZZ_TIMEOUT);
});

type Named = Partial<Product> & Pick<Product, 'm' | 'n' | 'k'>;

/** Each case is for one path through the kernels, with sizes that meet its condition on every engine. */
const LARGE: readonly (readonly [name: string, shape: Named])[] = [
  ['several blocks of k', { m: 70, n: 150, k: 1300 }],
  ['several blocks of k, of many panels', { m: 40, n: 800, k: 1100 }],
  ['several blocks of k, a transposed', { m: 70, n: 150, k: 1300, transposeA: true }],
  ['several blocks of k, b transposed', { m: 70, n: 150, k: 1300, transposeB: true }],
  ['few results: split along k', { m: 40, n: 50, k: 5000 }],
  ['few results: split along k, both transposed', { m: 9, n: 17, k: 70_001, transposeA: true, transposeB: true }],
  ['few results of few rows: split along k', { m: 5, n: 64, k: 50_000 }],
  ['a column of few results: split along k', { m: 100, n: 1, k: 100_000 }],
  ['four sums of a million terms', { m: 2, n: 2, k: 1_000_003 }],
  ['more blocks of k than are packed at once, of a', { m: 2, n: 600, k: 16_500, transposeA: true, transposeB: true }],
  ['more blocks of k than are packed at once, of b', { m: 300, n: 3, k: 16_500 }],
  ['a row by a matrix', { m: 1, n: 3001, k: 1000 }],
  ['a row by a matrix of long rows', { m: 1, n: 5003, k: 300 }],
  ['three rows by a matrix of long rows', { m: 3, n: 1501, k: 300, transposeA: true }],
  ['a row by a transposed matrix', { m: 1, n: 3001, k: 1003, transposeA: true, transposeB: true }],
  ['a matrix by a column', { m: 3001, n: 1, k: 1000 }],
  ['a transposed matrix by a column', { m: 3001, n: 1, k: 1003, transposeA: true }],
  ['an outer product', { m: 1003, n: 1005, k: 1 }],
  ['many small members', { batch: [2500, 2500], m: 9, n: 10, k: 11 }],
  ['many small members by one matrix', { batch: [2500, 1], m: 9, n: 10, k: 11, transposeA: true }],
  ['one matrix by many small members', { batch: [1, 2500], m: 9, n: 10, k: 11, transposeB: true }],
  ['the rows of all members by one matrix', { batch: [50, 1], m: 9, n: 70, k: 110 }],
  ['few large members', { batch: [3, 3], m: 165, n: 161, k: 170 }],
];

/** Operands too large to be packed at once. The reference computes 100 million multiplications a second on an idle machine. */
const LARGER: typeof LARGE = [
  ['more columns than are packed at once', { m: 300, n: 3001, k: 2000 }],
  ['more rows than are packed at once', { m: 3001, n: 300, k: 2000, transposeA: true }],
];

describe('one shape for each way', () => {
  it.each(FULL ? [...LARGE, ...LARGER] : LARGE)(
    '%s',
    (_, shape) => {
      const product = fc.constant({ batch: [1, 1] as const, seed: 7, ...shape });
      fuzz(product.map(matmul(integers)), exactly, { quick: 1, full: 1 })();
    },
    FUZZ_TIMEOUT,
  );

  it.each([
    ['split along k', { m: 40, n: 50, k: 5000 }],
    ['few rows, split along k', { m: 3, n: 700, k: 600 }],
    ['several blocks of k', { m: 70, n: 150, k: 1300 }],
    ['on one thread', { m: 17, n: 35, k: 500 }],
  ])(
    'bias and activation once, behind the whole sum: %s',
    (_, shape) => {
      for (const activation of EXACT) {
        const product = fc.constant({ batch: [1, 1] as const, seed: 8, ...shape, bias: true, activation });
        fuzz(product.map(linear(integers)), exactly, { quick: 1, full: 1 })();
      }
    },
    FUZZ_TIMEOUT,
  );
});
