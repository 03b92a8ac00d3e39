// The element-wise functions, under the names of their kernel operations.

import type { BinaryOp, UnaryOp } from '../contract/operations.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, maximum, minimum, mod, mul, sub } from './arithmetic.ts';
import type { Operand } from './binary.ts';
import { equal, greater, greaterEqual, less, lessEqual, logicalAnd, logicalOr, logicalXor, notEqual } from './comparison.ts';
import { pow } from './power.ts';
import {
  abs,
  ceil,
  cos,
  erf,
  erfc,
  exp,
  expm1,
  floor,
  isNaN,
  log,
  log1p,
  logicalNot,
  neg,
  round,
  sigmoid,
  sign,
  sin,
  sqrt,
  tanh,
} from './unary.ts';

type BinaryFunction = (a: Operand, b: Operand) => Tensor;

export const unaryByName: Readonly<Record<UnaryOp, (x: Tensor) => Tensor>> = {
  neg,
  abs,
  sign,
  floor,
  ceil,
  round,
  exp,
  expm1,
  log,
  log1p,
  sqrt,
  sin,
  cos,
  tanh,
  sigmoid,
  erf,
  erfc,
  not: logicalNot,
  isNaN,
};

export const binaryByName: Readonly<Record<BinaryOp, BinaryFunction>> = {
  add,
  sub,
  mul,
  div,
  mod,
  pow,
  max: maximum,
  min: minimum,
  equal,
  notEqual,
  less,
  lessEqual,
  greater,
  greaterEqual,
  and: logicalAnd as BinaryFunction,
  or: logicalOr as BinaryFunction,
  xor: logicalXor as BinaryFunction,
};
