// Functions of one operand.

import type { Shape, UnaryOp } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { contentsOf, gridCases } from '../grid/kernel-case.ts';
import { anyShapes } from '../grid/shapes.ts';
import type { ValueClass } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { errors, U, ulp } from '../tolerances/rounding.ts';
import type { Records } from './record.ts';

const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'nearOne', 'extremes'];

const UNARY_OPS: readonly UnaryOp[] = [
  'neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'sigmoid', 'erf', 'erfc', 'not', 'isNaN',
]; // prettier-ignore

function unaryCases(grid: Grid): Cases<'unary'> {
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

/** Functions that a processor rounds correctly or does not round at all, and those that a library approximates. */
const UNARY_ULPS: Readonly<Record<UnaryOp, number | undefined>> = {
  neg: undefined,
  abs: undefined,
  sign: undefined,
  floor: undefined,
  ceil: undefined,
  round: undefined,
  not: undefined,
  isNaN: undefined,
  sqrt: 1,
  exp: 4,
  expm1: 4,
  log: 4,
  log1p: 4,
  sin: 4,
  cos: 4,
  tanh: 4,
  sigmoid: 4,
  erf: 4,
  erfc: 8,
};

/** For large x, reducing x to a quarter turn may add an error as large as the rounding of x. */
const PERIODIC: readonly UnaryOp[] = ['sin', 'cos'];

function unaryErrors({ call, outputs }: Expectation<'unary'>): Float64Array | undefined {
  const { op } = call.attrs;
  const count = UNARY_ULPS[op];
  if (count === undefined) return undefined;
  const y = outputs[0]!.value.data;
  const x = call.inputs.x.data;
  return errors(y, (value, i) => count * ulp(value) + (PERIODIC.includes(op) && Number.isFinite(x[i]!) ? U * Math.abs(x[i]!) : 0));
}

export const unaryRecords: Records<'unary'> = {
  unary: {
    cases: unaryCases,
    why: 'sign and rounding are exact, the root within 1 ulp, functions within 4, erfc (a quotient, a polynomial and an exponential) within 8; sin and cos of large x also u |x|',
    allowed: unaryErrors,
    zeroSigns: ({ op }) => op === 'neg' || op === 'sign' || op === 'round',
  },
};
