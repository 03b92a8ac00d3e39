// fill and cast: converting a number, or a tensor, to a dtype.

import type { DType, Shape } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { contentsOf, gridCases } from '../grid/kernel-case.ts';
import { ALL, scalarFits, SCALARS } from '../grid/operators.ts';
import { anyShapes } from '../grid/shapes.ts';
import type { ValueClass } from '../grid/values.ts';
import type { Records } from './record.ts';

const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'nearOne', 'extremes'];

function fillCases(grid: Grid): Cases<'fill'> {
  return gridCases<'fill', { shape: Shape; value: number }>(grid, 'fill', {
    contents: contentsOf(grid, ALL, ['ordinary']),
    parameters: { shape: anyShapes(grid), value: SCALARS },
    allowed: ({ dtype, value }) => scalarFits(grid, dtype, value),
    build: ({ dtype, shape, value }) => ({ inputs: {}, attrs: { dtype, shape }, scalars: { value } }),
  });
}

function castCases(grid: Grid): Cases<'cast'> {
  return gridCases<'cast', { to: DType; shape: Shape }>(grid, 'cast', {
    contents: contentsOf(grid, ALL, CLASSES),
    parameters: { to: ALL.filter((dtype) => grid.dtypes.includes(dtype)), shape: anyShapes(grid) },
    // A backend that carries integers as floats has no integer to clamp to beyond its exact ones.
    allowed: ({ dtype, to, values }) =>
      dtype !== to &&
      !(grid.integerLimit < 2 ** 31 && dtype === 'float32' && to === 'int32' && ['wide', 'extremes', 'infinities'].includes(values)),
    build: ({ dtype, to, shape, values }, random) => ({
      inputs: { x: random.tensor(dtype, shape, values) },
      attrs: { dtype: to },
      scalars: {},
    }),
  });
}

export const castRecords: Records<'fill' | 'cast'> = {
  fill: {
    cases: fillCases,
    why: 'a value as float32 has it',
  },
  cast: {
    cases: castCases,
    why: 'int32 to float32 rounds to nearest, the rest is exact',
  },
};
