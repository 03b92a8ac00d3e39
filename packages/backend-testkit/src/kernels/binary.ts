// Functions of two tensors, and of a tensor and a number.

import type { BinaryOp, Shape, TypedArray } from '@sinapse/core';
import { broadcastShapes, stridesOf } from '@sinapse/core';
import { broadcastPairs } from '../grid/broadcasts.ts';
import type { Cases, Content, Grid } from '../grid/kernel-case.ts';
import { contentsOf, gridCases } from '../grid/kernel-case.ts';
import { ALL, scalarFits, SCALARS } from '../grid/operators.ts';
import { anyShapes } from '../grid/shapes.ts';
import type { HostTensor, ValueClass } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { errors, powerError, ulps } from '../tolerances/rounding.ts';
import type { Records } from './record.ts';

const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'nearOne', 'extremes'];

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

function binaryCases(grid: Grid): Cases<'binary'> {
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

function binaryScalarCases(grid: Grid): Cases<'binaryScalar'> {
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

/** The allowed error of every element, from the elements of a and b that it is made of. */
function binaryErrors({ call, outputs }: Expectation<'binary'>): Float64Array | undefined {
  const { a, b } = call.inputs;
  const shape = broadcastShapes('binary', a.shape, b.shape);
  return operandErrors(call.attrs.op, outputs[0]!.value.data, stretched(a, shape), stretched(b, shape));
}

function binaryScalarErrors({ call, outputs }: Expectation<'binaryScalar'>): Float64Array | undefined {
  const { op, reversed } = call.attrs;
  const x = (i: number): number => call.inputs.x.data[i]!;
  const value = (): number => call.scalars.value;
  return operandErrors(op, outputs[0]!.value.data, reversed ? value : x, reversed ? x : value);
}

type Operand = (i: number) => number;

function operandErrors(op: BinaryOp, y: TypedArray, a: Operand, b: Operand): Float64Array | undefined {
  switch (op) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'mod': // the remainder is exact; adding the divisor to it, for the sign, rounds once
      return ulps(y, 0.5);
    case 'div':
      return ulps(y, 2);
    case 'pow':
      return errors(y, (value, i) => powerError(value, a(i), b(i)));
    default:
      return undefined;
  }
}

/** Reads a tensor as if it were stretched to a shape. */
function stretched(x: HostTensor, shape: readonly number[]): Operand {
  const own = stridesOf(x.shape);
  const missing = shape.length - x.shape.length;
  const to = stridesOf(shape);
  return (i) => {
    let at = 0;
    let rest = i;
    for (let axis = 0; axis < shape.length; axis++) {
      const index = Math.floor(rest / to[axis]!);
      rest -= index * to[axis]!;
      if (axis >= missing && x.shape[axis - missing] !== 1) at += index * own[axis - missing]!;
    }
    return x.data[at]!;
  };
}

export const binaryRecords: Records<'binary' | 'binaryScalar'> = {
  binary: {
    cases: binaryCases,
    why: 'IEEE 754 with half an ulp more, div 2 ulps; pow 4 ulps and the rounding of b ln a; the rest exact',
    allowed: binaryErrors,
    zeroSigns: ({ op }) => op === 'mul' || op === 'mod',
  },
  binaryScalar: {
    cases: binaryScalarCases,
    why: 'as binary',
    allowed: binaryScalarErrors,
    zeroSigns: ({ op }) => op === 'mul' || op === 'mod',
  },
};
