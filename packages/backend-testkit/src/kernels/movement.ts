// Kernels that only move values.

import type { Shape } from '@sinapse/core';
import { stretches } from '../grid/broadcasts.ts';
import type { Cases, Content, Grid } from '../grid/kernel-case.ts';
import { contentsOf, gridCases } from '../grid/kernel-case.ts';
import type { AxisChoice } from '../grid/shapes.ts';
import { anyShapes, AXIS_CHOICES, axisOf, shapesWithAxes } from '../grid/shapes.ts';
import type { HostTensor, ValueClass } from '../grid/values.ts';
import type { Records } from './record.ts';
import { always, MOVES } from './record.ts';

const CLASSES: readonly ValueClass[] = ['ordinary', 'zeros', 'nan', 'infinities', 'extremes'];

function moved(grid: Grid): Content[] {
  return contentsOf(grid, ['float32', 'int32', 'uint8', 'bool'], CLASSES);
}

function broadcastToCases(grid: Grid): Cases<'broadcastTo'> {
  return gridCases<'broadcastTo', { stretch: readonly [Shape, Shape] }>(grid, 'broadcastTo', {
    contents: moved(grid),
    parameters: { stretch: stretches(grid) },
    build: ({ dtype, values, stretch: [from, to] }, random) => ({
      inputs: { x: random.tensor(dtype, from, values) },
      attrs: { shape: to },
      scalars: {},
    }),
  });
}

type Order = 'reverse' | 'rotate' | 'swapFirst' | 'swapLast' | 'identity';

function permutationOf(rank: number, order: Order): number[] {
  const axes = Array.from({ length: rank }, (_, i) => i);
  if (order === 'reverse') return axes.reverse();
  if (order === 'rotate') return [...axes.slice(1), ...axes.slice(0, 1)];
  if (rank < 2 || order === 'identity') return axes;
  const at = order === 'swapFirst' ? 0 : rank - 2;
  return [...axes.slice(0, at), at + 1, at, ...axes.slice(at + 2)];
}

function transposeCases(grid: Grid): Cases<'transpose'> {
  return gridCases<'transpose', { shape: Shape; order: Order }>(grid, 'transpose', {
    contents: moved(grid),
    parameters: { shape: anyShapes(grid), order: ['reverse', 'rotate', 'swapFirst', 'swapLast', 'identity'] },
    build: ({ dtype, shape, values, order }, random) => ({
      inputs: { x: random.tensor(dtype, shape, values) },
      attrs: { permutation: permutationOf(shape.length, order) },
      scalars: {},
    }),
  });
}

type Cut = 'whole' | 'inner' | 'stepped' | 'reversed' | 'reversedSteps' | 'single' | 'none';

const CUTS: readonly Cut[] = ['whole', 'inner', 'stepped', 'reversed', 'reversedSteps', 'single', 'none'];

/** begin, size and step along one axis. */
function cutOf(length: number, cut: Cut): readonly [number, number, number] {
  if (length === 0 || cut === 'none') return [0, 0, 1];
  switch (cut) {
    case 'whole':
      return [0, length, 1];
    case 'inner':
      return [length >> 2, Math.max(1, length - 2 * (length >> 2)), 1];
    case 'stepped':
      return [length > 1 ? 1 : 0, Math.max(1, length >> 1), 2];
    case 'reversed':
      return [length - 1, length, -1];
    case 'reversedSteps':
      return [length - 1, Math.ceil(length / 3), -3];
    case 'single':
      return [length - 1, 1, 1];
  }
}

function sliceCases(grid: Grid): Cases<'slice'> {
  return gridCases<'slice', { shape: Shape; outer: Cut; inner: Cut }>(grid, 'slice', {
    contents: moved(grid),
    parameters: { shape: anyShapes(grid), outer: CUTS, inner: CUTS },
    build: ({ dtype, shape, values, outer, inner }, random) => {
      const cuts = shape.map((length, axis) => cutOf(length, axis === shape.length - 1 ? inner : outer));
      return {
        inputs: { x: random.tensor(dtype, shape, values) },
        attrs: { begin: cuts.map(([begin]) => begin), size: cuts.map(([, size]) => size), step: cuts.map(([, , step]) => step) },
        scalars: {},
      };
    },
  });
}

type Border = 'none' | 'before' | 'after' | 'around' | 'between' | 'everywhere';

const BORDERS: readonly Border[] = ['none', 'before', 'after', 'around', 'between', 'everywhere'];

function padCases(grid: Grid): Cases<'pad'> {
  const shapes = anyShapes(grid).filter((shape) => shape.every((length) => length <= 70));
  return gridCases<'pad', { shape: Shape; outer: Border; inner: Border; fill: number }>(grid, 'pad', {
    contents: moved(grid),
    parameters: { shape: shapes, outer: BORDERS, inner: BORDERS, fill: [0, 1, NaN, -Infinity, -1.5] },
    // Which integer a number becomes is tested with `cast`, not with `pad`.
    allowed: ({ dtype, fill }) => dtype === 'float32' || fill === 0 || fill === 1,
    build: ({ dtype, shape, values, outer, inner, fill }, random) => {
      const width = (axis: number, sides: readonly Border[], size: number): number =>
        sides.includes(axis === shape.length - 1 ? inner : outer) ? size : 0;
      return {
        inputs: { x: random.tensor(dtype, shape, values) },
        attrs: {
          before: shape.map((_, axis) => width(axis, ['before', 'around', 'everywhere'], 2)),
          after: shape.map((_, axis) => width(axis, ['after', 'around', 'everywhere'], 1)),
          interior: shape.map((_, axis) => width(axis, ['between', 'everywhere'], 2)),
        },
        scalars: { value: fill },
      };
    },
  });
}

function concatCases(grid: Grid): Cases<'concat'> {
  return gridCases<'concat', { shape: Shape; axis: AxisChoice; lengths: readonly number[] }>(grid, 'concat', {
    contents: moved(grid),
    parameters: {
      shape: shapesWithAxes(grid),
      axis: AXIS_CHOICES,
      lengths: [[1], [2, 3], [1, 1, 1], [0, 4], [17, 16, 1], [3, 0, 5, 2, 1, 1, 1, 8, 2]],
    },
    build: ({ dtype, shape, values, axis, lengths }, random) => {
      const at = axisOf(shape.length, axis);
      const part = (length: number): HostTensor => random.tensor(dtype, shape.with(at, length), values);
      return { inputs: { xs: lengths.map(part) }, attrs: { axis: at }, scalars: {} };
    },
  });
}

export const movementRecords: Records<'broadcastTo' | 'transpose' | 'slice' | 'pad' | 'concat'> = {
  broadcastTo: {
    cases: broadcastToCases,
    why: MOVES,
    zeroSigns: always,
  },
  transpose: {
    cases: transposeCases,
    why: MOVES,
    zeroSigns: always,
  },
  slice: {
    cases: sliceCases,
    why: MOVES,
    zeroSigns: always,
  },
  pad: {
    cases: padCases,
    why: MOVES,
    zeroSigns: always,
  },
  concat: {
    cases: concatCases,
    why: MOVES,
    zeroSigns: always,
  },
};
