// Allowed errors of the element-wise kernels.

import type { BinaryOp, TypedArray, UnaryOp } from '@sinapse/core';
import { broadcastShapes, stridesOf } from '@sinapse/core';
import type { HostTensor } from '../grid/values.ts';
import type { Expectation } from './expectation.ts';
import { errors, U, ulp, ulps } from './rounding.ts';

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
};

/** sin and cos of large x: reducing x to a quarter turn may cost as much as rounding x did. */
const PERIODIC: readonly UnaryOp[] = ['sin', 'cos'];

export function unaryErrors({ call, outputs }: Expectation<'unary'>): Float64Array | undefined {
  const { op } = call.attrs;
  const count = UNARY_ULPS[op];
  if (count === undefined) return undefined;
  const y = outputs[0]!.value.data;
  const x = call.inputs.x.data;
  return errors(y, (value, i) => count * ulp(value) + (PERIODIC.includes(op) && Number.isFinite(x[i]!) ? U * Math.abs(x[i]!) : 0));
}

/** a[i] and b[i] of every element of a broadcast result. */
export function binaryErrors({ call, outputs }: Expectation<'binary'>): Float64Array | undefined {
  const { a, b } = call.inputs;
  const shape = broadcastShapes('binary', a.shape, b.shape);
  return operandErrors(call.attrs.op, outputs[0]!.value.data, stretched(a, shape), stretched(b, shape));
}

export function binaryScalarErrors({ call, outputs }: Expectation<'binaryScalar'>): Float64Array | undefined {
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

/** e^(b ln a): the exponent's rounding is magnified by its size. */
export function powerError(value: number, a: number, b: number): number {
  const exponent = b * Math.log(Math.abs(a));
  if (!Number.isFinite(exponent) || !Number.isFinite(value)) return 0;
  return 4 * ulp(value) + 2 * U * Math.abs(value * exponent);
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
      const place = Math.floor(rest / to[axis]!);
      rest -= place * to[axis]!;
      if (axis >= missing && x.shape[axis - missing] !== 1) at += place * own[axis - missing]!;
    }
    return x.data[at]!;
  };
}
