// argReduce, cumulativeSum and sort on every engine, on random shapes. Values are small integers, so that ties are common and sums exact.

import fc from 'fast-check';
import { it } from 'vitest';
import type { DType } from '@sinapse/core';
import type { Data, FuzzCall } from './fuzz.ts';
import { dataOf, exactly, fuzz, FUZZ_TIMEOUT, seeds, shapes, smallIntegers } from './fuzz.ts';

const RUNS = { quick: 50, full: 3000 };

/** Numbers with ties; with an even seed also NaN, infinities and zeros of both signs. */
function values(dtype: DType, shape: readonly number[], seed: number): Data {
  if (dtype === 'bool') return dataOf(dtype, shape, seed, (word) => (word >>> 3) & 1);
  if (dtype === 'uint8') return dataOf(dtype, shape, seed, (word) => word & 255);
  if (dtype === 'int32') return dataOf(dtype, shape, seed, (word) => (seed % 2 ? word % 9 : word | 0));
  const special = [NaN, Infinity, -Infinity, 0, -0];
  return dataOf(dtype, shape, seed, (word) => (seed % 2 === 0 && word % 50 < 5 ? special[word % 50] : (word % 2001) - 1000));
}

const argReductions: fc.Arbitrary<FuzzCall> = fc
  .tuple(
    fc.constantFrom<DType>('float32', 'int32', 'uint8', 'bool'),
    shapes(1, 4, 300_000),
    seeds,
    fc.nat(3),
    fc.constantFrom('argMax', 'argMin'),
  )
  .map(([dtype, drawn, seed, at, op]) => {
    const axis = at % drawn.length;
    const shape = drawn.map((length, i) => (i === axis ? Math.max(1, length) : length));
    return {
      kernel: 'argReduce',
      in: { x: values(dtype, shape, seed) },
      out: { y: { dtype: 'int32', shape: shape.filter((_, i) => i !== axis) } },
      attrs: { op, axis, keepDims: false },
    };
  });

const cumulativeSums: fc.Arbitrary<FuzzCall> = fc
  .tuple(fc.constantFrom<DType>('float32', 'int32'), shapes(1, 4, 300_000), seeds, fc.nat(3), fc.boolean(), fc.boolean())
  .map(([dtype, shape, seed, at, exclusive, reverse]) => ({
    kernel: 'cumulativeSum',
    in: { x: smallIntegers(dtype, shape, seed) },
    out: { y: { dtype, shape } },
    attrs: { axis: at % shape.length, exclusive, reverse },
  }));

const sorts: fc.Arbitrary<FuzzCall> = fc
  .tuple(fc.constantFrom<DType>('float32', 'int32'), shapes(1, 3, 300_000), seeds, fc.boolean())
  .map(([dtype, shape, seed, descending]) => ({
    kernel: 'sort',
    in: { x: values(dtype, shape, seed) },
    out: { values: { dtype, shape }, indices: { dtype: 'int32', shape } },
    attrs: { descending },
  }));

it.each(Object.entries({ argReductions, cumulativeSums, sorts }))('%s', (_, calls) => fuzz(calls, exactly, RUNS)(), FUZZ_TIMEOUT);
