// randomBits and dropout.

import type { Shape } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import { anyShapes } from '../grid/shapes.ts';
import { ulps } from '../tolerances/rounding.ts';
import type { Records } from './record.ts';

type Key = readonly [low: number, high: number];

const KEYS: readonly Key[] = [[0, 0], [1, 0], [0xffffffff, 0xffffffff], [0x12345678, 0x9abcdef0], [0x80000000, 0x7fffffff]]; // prettier-ignore

function randomBitsCases(grid: Grid): Cases<'randomBits'> {
  return gridCases<'randomBits', { shape: Shape; key: Key }>(grid, 'randomBits', {
    contents: floats(['ordinary']),
    parameters: { shape: anyShapes(grid), key: KEYS },
    build: ({ shape, key: [keyLow, keyHigh] }) => ({ inputs: {}, attrs: { shape }, scalars: { keyLow, keyHigh } }),
  });
}

function dropoutCases(grid: Grid): Cases<'dropout'> {
  return gridCases<'dropout', { shape: Shape; key: Key; rate: number }>(grid, 'dropout', {
    contents: floats(['ordinary', 'zeros', 'nan', 'infinities', 'wide']),
    parameters: { shape: anyShapes(grid), key: KEYS, rate: [0, 0.1, 0.5, 0.9] },
    build: ({ shape, key: [keyLow, keyHigh], rate, values }, random) => ({
      inputs: { x: random.tensor('float32', shape, values) },
      attrs: {},
      scalars: { rate, keyLow, keyHigh },
    }),
  });
}

export const randomRecords: Records<'randomBits' | 'dropout'> = {
  randomBits: {
    cases: randomBitsCases,
    why: 'the bits are the contract',
  },
  dropout: {
    cases: dropoutCases,
    why: 'which elements is exact; one product',
    allowed: ({ outputs }) => ulps(outputs[0]!.value.data, 0.5),
  },
};
