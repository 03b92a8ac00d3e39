// Kernels along axes: reductions, running sums, argReduce, sort.

import type { ReduceOp, Shape } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import type { Cases, Content, Grid } from '../grid/kernel-case.ts';
import { contentsOf, gridCases } from '../grid/kernel-case.ts';
import type { AxisChoice } from '../grid/shapes.ts';
import { anyShapes, AXIS_CHOICES, axisOf, shapesWithAxes } from '../grid/shapes.ts';
import type { ValueClass } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { magnitudes } from '../tolerances/expectation.ts';
import { errors, fraction, fractions, sumFactor, ulp } from '../tolerances/rounding.ts';
import { SUMS } from '../tolerances/sums.ts';
import type { Records } from './record.ts';
import { always } from './record.ts';

const CLASSES: readonly ValueClass[] = ['ordinary', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'extremes'];

type Axes = 'none' | 'first' | 'last' | 'middle' | 'all' | 'ends' | 'allButLast' | 'allButFirst';

const AXES: readonly Axes[] = ['none', 'first', 'last', 'middle', 'all', 'ends', 'allButLast', 'allButFirst'];

function axesOf(rank: number, axes: Axes): number[] {
  const all = Array.from({ length: rank }, (_, i) => i);
  switch (axes) {
    case 'none':
      return [];
    case 'all':
      return all;
    case 'first':
      return all.slice(0, 1);
    case 'last':
      return all.slice(-1);
    case 'middle':
      return all.slice(rank >> 1, (rank >> 1) + 1);
    case 'ends':
      return all.filter((i) => i === 0 || i === rank - 1);
    case 'allButLast':
      return all.slice(0, -1);
    case 'allButFirst':
      return all.slice(1);
  }
}

interface Along {
  readonly shape: Shape;
}

/** Whether the result depends on the order of operations, by overflow or underflow of a partial result. */
function overflows({ dtype, values, shape }: Along & Content, op: ReduceOp): boolean {
  if (dtype !== 'float32' || op === 'max' || op === 'min') return false;
  return values === 'extremes' || (op === 'prod' && (values === 'wide' || sizeOf(shape) > 1000));
}

function reduceCases(grid: Grid): Cases<'reduce'> {
  return gridCases<'reduce', Along & { op: ReduceOp; axes: Axes; keepDims: boolean }>(grid, 'reduce', {
    contents: contentsOf(grid, ['float32', 'int32', 'uint8', 'bool'], CLASSES),
    parameters: { op: ['sum', 'prod', 'max', 'min'], shape: anyShapes(grid), axes: AXES, keepDims: [false, true] },
    allowed: (row) => {
      const numeric = row.dtype === 'float32' || row.dtype === 'int32';
      // The extremes of an empty uint8 or bool axis are not tested.
      return numeric ? !overflows(row, row.op) : (row.op === 'max' || row.op === 'min') && !row.shape.includes(0);
    },
    build: ({ op, dtype, shape, axes, keepDims, values }, random) => ({
      inputs: { x: random.tensor(dtype, shape, values) },
      attrs: { op, axes: axesOf(shape.length, axes), keepDims },
      scalars: {},
    }),
  });
}

function normCases(grid: Grid): Cases<'norm'> {
  return gridCases<'norm', Along & { axes: Axes; keepDims: boolean }>(grid, 'norm', {
    contents: contentsOf(grid, ['float32'], CLASSES),
    parameters: { shape: anyShapes(grid), axes: AXES, keepDims: [false, true] },
    build: ({ dtype, shape, axes, keepDims, values }, random) => ({
      inputs: { x: random.tensor(dtype, shape, values) },
      attrs: { axes: axesOf(shape.length, axes), keepDims },
      scalars: {},
    }),
  });
}

function argReduceCases(grid: Grid): Cases<'argReduce'> {
  return gridCases<'argReduce', Along & { op: 'argMax' | 'argMin'; axis: AxisChoice; keepDims: boolean }>(grid, 'argReduce', {
    contents: contentsOf(grid, ['float32', 'int32', 'uint8', 'bool'], CLASSES),
    parameters: { op: ['argMax', 'argMin'], shape: shapesWithAxes(grid), axis: AXIS_CHOICES, keepDims: [false, true] },
    allowed: ({ shape, axis }) => shape[axisOf(shape.length, axis)] !== 0,
    build: ({ op, dtype, shape, axis, keepDims, values }, random) => ({
      inputs: { x: random.tensor(dtype, shape, values) },
      attrs: { op, axis: axisOf(shape.length, axis), keepDims },
      scalars: {},
    }),
  });
}

function cumulativeSumCases(grid: Grid): Cases<'cumulativeSum'> {
  return gridCases<'cumulativeSum', Along & { axis: AxisChoice; exclusive: boolean; reverse: boolean }>(grid, 'cumulativeSum', {
    contents: contentsOf(grid, ['float32', 'int32'], CLASSES),
    parameters: { shape: shapesWithAxes(grid), axis: AXIS_CHOICES, exclusive: [false, true], reverse: [false, true] },
    allowed: (row) => !overflows(row, 'sum'),
    build: ({ dtype, shape, axis, exclusive, reverse, values }, random) => ({
      inputs: { x: random.tensor(dtype, shape, values) },
      attrs: { axis: axisOf(shape.length, axis), exclusive, reverse },
      scalars: {},
    }),
  });
}

function sortCases(grid: Grid): Cases<'sort'> {
  return gridCases<'sort', Along & { descending: boolean }>(grid, 'sort', {
    contents: contentsOf(grid, ['float32', 'int32'], CLASSES),
    parameters: { shape: shapesWithAxes(grid), descending: [false, true] },
    build: ({ dtype, shape, descending, values }, random) => ({
      inputs: { x: random.tensor(dtype, shape, values) },
      attrs: { descending },
      scalars: {},
    }),
  });
}

function reduceErrors(e: Expectation<'reduce'>): Float64Array | undefined {
  const { x } = e.call.inputs;
  const { op, axes } = e.call.attrs;
  if (op === 'max' || op === 'min') return undefined;
  const n = sizeOf(axes.map((axis) => x.shape[axis]!));
  const sizes = e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!;
  return fractions(sizes, op === 'prod' ? 2 * n : sumFactor(n));
}

function normErrors({ call, outputs }: Expectation<'norm'>): Float64Array {
  const { x } = call.inputs;
  const n = sizeOf(call.attrs.axes.map((axis) => x.shape[axis]!));
  return errors(outputs[0]!.value.data, (y) => fraction(y, sumFactor(n) / 2 + 4) + ulp(y));
}

function cumulativeSumErrors(e: Expectation<'cumulativeSum'>): Float64Array {
  const n = e.call.inputs.x.shape[e.call.attrs.axis]!;
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, sumFactor(n));
}

export const reductionsRecords: Records<'reduce' | 'norm' | 'argReduce' | 'cumulativeSum' | 'sort'> = {
  reduce: {
    cases: reduceCases,
    why: `${SUMS}; products 2 n u; max and min exact`,
    allowed: reduceErrors,
  },
  norm: {
    cases: normCases,
    why: 'the root of a sum of squares has half its relative error; 4 roundings more for scaling, square and root',
    allowed: normErrors,
  },
  argReduce: {
    cases: argReduceCases,
    why: 'indices are exact',
  },
  cumulativeSum: {
    cases: cumulativeSumCases,
    why: SUMS,
    allowed: cumulativeSumErrors,
  },
  sort: {
    cases: sortCases,
    why: 'indices are exact; values are moved, the sign of zero too',
    zeroSigns: always,
  },
};
