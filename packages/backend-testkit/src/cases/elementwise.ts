// Grids of the kernels that compute element by element.

import type { BinaryOp, DType, Shape, UnaryOp } from '@sinapse/core';
import type { Cases, Content, Grid } from '../grid/kernel-case.ts';
import { contentsOf, gridCases } from '../grid/kernel-case.ts';
import type { ValueClass } from '../grid/values.ts';
import { stretches } from './movement.ts';
import { anyShapes } from './shapes.ts';

const ALL: readonly DType[] = ['float32', 'int32', 'uint8', 'bool'];
const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'nearOne', 'extremes'];

/** Numbers for every dtype: integers take them as `cast` would. */
const SCALARS: readonly number[] = [2, -3, 0, 1, -1, 46341, 1.5, -0.25, 255, Infinity, -Infinity, NaN];

/** Where int32 is carried as floats, there is no integer to clamp an infinity to. */
function scalarFits(grid: Grid, dtype: DType, value: number): boolean {
  return dtype !== 'int32' || grid.integerLimit >= 2 ** 31 || Math.abs(value) !== Infinity;
}

export function fillCases(grid: Grid): Cases<'fill'> {
  return gridCases<'fill', { shape: Shape; value: number }>(grid, 'fill', {
    contents: contentsOf(grid, ALL, ['ordinary']),
    parameters: { shape: anyShapes(grid), value: SCALARS },
    allowed: ({ dtype, value }) => scalarFits(grid, dtype, value),
    build: ({ dtype, shape, value }) => ({ inputs: {}, attrs: { dtype, shape }, scalars: { value } }),
  });
}

export function castCases(grid: Grid): Cases<'cast'> {
  return gridCases<'cast', { to: DType; shape: Shape }>(grid, 'cast', {
    contents: contentsOf(grid, ALL, CLASSES),
    parameters: { to: ALL.filter((dtype) => grid.dtypes.includes(dtype)), shape: anyShapes(grid) },
    // Beyond its exact integers a backend that carries them as floats has no integer to clamp to.
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

const UNARY_OPS: readonly UnaryOp[] = [
  'neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'sigmoid', 'erf', 'not', 'isNaN',
]; // prettier-ignore

export function unaryCases(grid: Grid): Cases<'unary'> {
  return gridCases<'unary', { op: UnaryOp; shape: Shape }>(grid, 'unary', {
    contents: contentsOf(grid, ['float32', 'int32', 'bool'], CLASSES),
    parameters: { op: UNARY_OPS, shape: anyShapes(grid) },
    allowed: ({ op, dtype }) => {
      if (dtype === 'bool' || op === 'not') return dtype === 'bool' && op === 'not';
      return dtype === 'float32' || op === 'neg' || op === 'abs' || op === 'sign';
    },
    build: ({ op, dtype, shape, values }, random) => ({ inputs: { x: random.tensor(dtype, shape, values) }, attrs: { op }, scalars: {} }),
  });
}

const BINARY_OPS: readonly BinaryOp[] = [
  'add', 'sub', 'mul', 'div', 'mod', 'pow', 'max', 'min',
  'equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual', 'and', 'or', 'xor',
]; // prettier-ignore
const ARITHMETIC: readonly BinaryOp[] = BINARY_OPS.slice(0, 8);
const LOGICAL: readonly BinaryOp[] = BINARY_OPS.slice(-3);

function binaryFits({ op, dtype }: Content & { readonly op: BinaryOp }): boolean {
  if (LOGICAL.includes(op)) return dtype === 'bool';
  return !ARITHMETIC.includes(op) || dtype === 'float32' || dtype === 'int32';
}

/** Pairs of shapes that broadcast: one stretches to the other, in both orders, or each to the other. */
function broadcastPairs(grid: Grid): (readonly [Shape, Shape])[] {
  const oneSided = stretches(grid).flatMap(
    ([a, b], i) =>
      (grid.full
        ? [
            [a, b],
            [b, a],
          ]
        : i % 2 === 0
          ? [[a, b]]
          : [[b, a]]) as [Shape, Shape][],
  );
  return [
    ...oneSided,
    [[3], [3]],
    [[16], [16]],
    [[5, 7], [5, 7]],
    [[33, 65], [33, 65]],
    [[4, 1], [1, 15]],
    [[1, 64], [17, 1]],
    [[2, 1, 4, 1], [3, 1, 5]],
    [[2, 3, 1, 5, 2], [1, 3, 4, 1, 2]],
    [[0], [0]],
    [[3, 0], [1]],
  ]; // prettier-ignore
}

export function binaryCases(grid: Grid): Cases<'binary'> {
  return gridCases<'binary', { op: BinaryOp; shapes: readonly [Shape, Shape] }>(grid, 'binary', {
    contents: contentsOf(grid, ALL, CLASSES),
    parameters: { op: BINARY_OPS, shapes: broadcastPairs(grid) },
    allowed: binaryFits,
    build: ({ op, dtype, shapes: [a, b], values }, random) => ({
      inputs: { a: random.tensor(dtype, a, values), b: random.tensor(dtype, b, values) },
      attrs: { op },
      scalars: {},
    }),
  });
}

export function binaryScalarCases(grid: Grid): Cases<'binaryScalar'> {
  return gridCases<'binaryScalar', { op: BinaryOp; reversed: boolean; shape: Shape; value: number }>(grid, 'binaryScalar', {
    contents: contentsOf(grid, ALL, CLASSES),
    parameters: { op: BINARY_OPS, reversed: [false, true], shape: anyShapes(grid), value: SCALARS },
    allowed: (row) => binaryFits(row) && scalarFits(grid, row.dtype, row.value),
    build: ({ op, reversed, dtype, shape, value, values }, random) => ({
      inputs: { x: random.tensor(dtype, shape, values) },
      attrs: { op, reversed },
      scalars: { value },
    }),
  });
}

export function selectCases(grid: Grid): Cases<'select'> {
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
