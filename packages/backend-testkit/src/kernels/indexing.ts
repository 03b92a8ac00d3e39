// gather and scatterAdd.

import type { Shape } from '@sinapse/core';
import type { Parameters } from '../grid/covering.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { contentsOf, gridCases } from '../grid/kernel-case.ts';
import type { AxisChoice } from '../grid/shapes.ts';
import { AXIS_CHOICES, axisOf } from '../grid/shapes.ts';
import type { HostTensor, Values } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { magnitudes } from '../tolerances/expectation.ts';
import { fractions, sumFactor } from '../tolerances/rounding.ts';
import { SUMS } from '../tolerances/sums.ts';
import type { Records } from './record.ts';
import { always, MOVES } from './record.ts';

type IndexKind = 'inside' | 'repeated' | 'outside' | 'extremes';

interface Indexed {
  readonly shape: Shape;
  readonly axis: AxisChoice;
  readonly indices: Shape;
  readonly kind: IndexKind;
}

const SHAPES: readonly Shape[] = [
  [1],
  [5],
  [33],
  [4, 7],
  [3, 16],
  [6, 17],
  [2, 5, 3],
  [3, 4, 64],
  [2, 3, 2, 5],
  [0, 3],
  [3, 0],
  [2, 1, 3, 2, 2],
];

const INDICES: readonly Shape[] = [[], [1], [7], [40], [0], [2, 3], [3, 1, 2]];

const PARAMETERS: Parameters<Indexed> = {
  shape: SHAPES,
  axis: AXIS_CHOICES,
  indices: INDICES,
  kind: ['inside', 'repeated', 'outside', 'extremes'],
};

function indicesOf(shape: Shape, length: number, kind: IndexKind, random: Values): HostTensor {
  switch (kind) {
    case 'inside':
      return random.integers(shape, 0, length);
    case 'repeated':
      return random.integers(shape, 0, Math.min(2, length));
    case 'outside':
      return random.integers(shape, -2, length + 2);
    case 'extremes':
      return random.tensor('int32', shape, 'extremes');
  }
}

/** Whether the kind of indices exists: an empty axis has no indices inside. */
function hasIndices({ shape, axis, kind, indices }: Indexed): boolean {
  return shape[axisOf(shape.length, axis)] !== 0 || indices.includes(0) || kind === 'outside' || kind === 'extremes';
}

function gatherCases(grid: Grid): Cases<'gather'> {
  return gridCases<'gather', Indexed>(grid, 'gather', {
    contents: contentsOf(grid, ['float32', 'int32', 'uint8', 'bool'], ['ordinary', 'zeros', 'nan', 'infinities', 'extremes']),
    parameters: PARAMETERS,
    allowed: hasIndices,
    build: ({ dtype, shape, axis, indices, kind, values }, random) => {
      const at = axisOf(shape.length, axis);
      return {
        inputs: { x: random.tensor(dtype, shape, values), indices: indicesOf(indices, shape[at]!, kind, random) },
        attrs: { axis: at },
        scalars: {},
      };
    },
  });
}

function scatterAddCases(grid: Grid): Cases<'scatterAdd'> {
  return gridCases<'scatterAdd', Indexed>(grid, 'scatterAdd', {
    contents: contentsOf(grid, ['float32', 'int32'], ['ordinary', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'extremes']),
    parameters: PARAMETERS,
    // Whether a sum of the largest floats overflows depends on its order.
    allowed: (row) => hasIndices(row) && !(row.dtype === 'float32' && row.values === 'extremes'),
    build: ({ dtype, shape, axis, indices, kind, values }, random) => {
      const at = axisOf(shape.length, axis);
      const size = shape[at]!;
      const updates = [...shape.slice(0, at), ...indices, ...shape.slice(at + 1)];
      return {
        inputs: { indices: indicesOf(indices, size, kind, random), updates: random.tensor(dtype, updates, values) },
        attrs: { axis: at, size },
        scalars: {},
      };
    },
  });
}

function scatterAddErrors(e: Expectation<'scatterAdd'>): Float64Array {
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, sumFactor(e.call.inputs.indices.size));
}

export const indexingRecords: Records<'gather' | 'scatterAdd'> = {
  gather: {
    cases: gatherCases,
    why: MOVES,
    zeroSigns: always,
  },
  scatterAdd: {
    cases: scatterAddCases,
    why: SUMS,
    allowed: scatterAddErrors,
  },
};
