// Reductions on every engine, on random shapes and axes. Values give the same result in any order of the terms.

import fc from 'fast-check';
import { it } from 'vitest';
import type { ReduceOp } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import type { Data, FuzzCall } from './fuzz.ts';
import { dataOf, exactly, fuzz, FUZZ_TIMEOUT, seeds, shapes, smallIntegers } from './fuzz.ts';

const CASES = [
  ['sum', 'float32'],
  ['prod', 'float32'],
  ['max', 'float32'],
  ['min', 'float32'],
  ['sum', 'int32'],
  ['prod', 'int32'],
  ['max', 'int32'],
  ['min', 'int32'],
  ['max', 'uint8'],
  ['min', 'uint8'],
  ['max', 'bool'],
  ['min', 'bool'],
] as const;

function values([op, dtype]: (typeof CASES)[number], shape: readonly number[], seed: number): Data {
  if (dtype === 'bool') return dataOf(dtype, shape, seed, (word) => (word % 50 === 0 ? 1 : 0));
  if (dtype === 'uint8') return dataOf(dtype, shape, seed, (word) => word & 255);
  if (dtype === 'int32') return dataOf(dtype, shape, seed, (word) => (op === 'prod' ? word | 1 : word | 0));
  if (op === 'sum') return smallIntegers(dtype, shape, seed);
  // Powers of two, mostly 1: about 60 doublings and as many halvings stay within float32 in any order.
  if (op === 'prod') {
    const rarity = Math.max(30, Math.ceil(sizeOf(shape) / 60));
    return dataOf(dtype, shape, seed, (word) => (word & 1 ? -1 : 1) * 2 ** ([1, -1][word % rarity] ?? 0));
  }
  const nan = seed % 2 === 0;
  return dataOf(dtype, shape, seed, (word) => (nan && word % 5000 === 0 ? NaN : word % 999 === 0 ? -Infinity : (word | 0) / 2 ** 20));
}

const reductions: fc.Arbitrary<FuzzCall> = fc
  .tuple(fc.constantFrom(...CASES), shapes(0, 6, 300_000), seeds, fc.boolean())
  .chain(([which, shape, seed, keepDims]) =>
    fc.subarray([...shape.keys()]).map((axes): FuzzCall => {
      const [op, dtype]: readonly [ReduceOp, Data['dtype']] = which;
      const kept = shape.flatMap((length, axis) => (!axes.includes(axis) ? [length] : keepDims ? [1] : []));
      return { kernel: 'reduce', in: { x: values(which, shape, seed) }, out: { y: { dtype, shape: kept } }, attrs: { op, axes, keepDims } };
    }),
  );

it('random shapes and axes', fuzz(reductions, exactly, { quick: 60, full: 4000 }), FUZZ_TIMEOUT);
