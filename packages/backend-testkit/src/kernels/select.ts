// select: one of two operands, by a condition.

import type { Shape } from '@sinapse/core';
import { broadcastPairs } from '../grid/broadcasts.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { contentsOf, gridCases } from '../grid/kernel-case.ts';
import { ALL } from '../grid/operators.ts';
import type { Records } from './record.ts';
import { always, MOVES } from './record.ts';

function selectCases(grid: Grid): Cases<'select'> {
  const shapes: (readonly [Shape, Shape, Shape])[] = [
    ...broadcastPairs(grid).map(([a, b], i) => ([[a, a, b], [b, a, b], [a, b, a]] as const)[i % 3]!),
    [[], [4, 9], []],
    [[3, 1], [1, 4], [2, 1, 1]],
  ]; // prettier-ignore
  return gridCases<'select', { shapes: readonly [Shape, Shape, Shape] }>(grid, 'select', {
    contents: contentsOf(grid, ALL, ['ordinary', 'zeros', 'nan', 'infinities', 'extremes']),
    parameters: { shapes },
    build: ({ dtype, shapes: [condition, a, b], values }, random) => ({
      inputs: {
        condition: random.tensor('bool', condition, 'ordinary'),
        a: random.tensor(dtype, a, values),
        b: random.tensor(dtype, b, values),
      },
      attrs: {},
      scalars: {},
    }),
  });
}

export const selectRecords: Records<'select'> = {
  select: {
    cases: selectCases,
    why: MOVES,
    zeroSigns: always,
  },
};
