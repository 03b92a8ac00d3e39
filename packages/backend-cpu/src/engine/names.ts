// The numbers by which kernels/ knows names. Written by scripts/names.mjs.

import type { Activation, BinaryOp, ReduceOp, UnaryOp } from '@sinapse/core';

/** The version that a build of the kernels must have. */
export const ABI = 1;

export const DTYPES: Readonly<Record<'float32' | 'int32' | 'uint8' | 'bool', number>> = {
  float32: 0,
  int32: 1,
  uint8: 2,
  bool: 3,
};

export const ACTIVATIONS: Readonly<Record<Activation, number>> = {
  linear: 0,
  relu: 1,
  leakyRelu: 2,
  sigmoid: 3,
  tanh: 4,
};

export const UNARY_OPS: Readonly<Record<UnaryOp, number>> = {
  neg: 0,
  abs: 1,
  sign: 2,
  floor: 3,
  ceil: 4,
  round: 5,
  exp: 6,
  expm1: 7,
  log: 8,
  log1p: 9,
  sqrt: 10,
  sin: 11,
  cos: 12,
  tanh: 13,
  sigmoid: 14,
  erf: 15,
  erfc: 16,
  not: 17,
  isNaN: 18,
};

export const BINARY_OPS: Readonly<Record<BinaryOp, number>> = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  mod: 4,
  pow: 5,
  max: 6,
  min: 7,
  equal: 8,
  notEqual: 9,
  less: 10,
  lessEqual: 11,
  greater: 12,
  greaterEqual: 13,
  and: 14,
  or: 15,
  xor: 16,
};

export const REDUCE_OPS: Readonly<Record<ReduceOp, number>> = {
  sum: 0,
  prod: 1,
  max: 2,
  min: 3,
};

export const STEP_OPS: Readonly<Record<'copy' | 'add' | 'sub' | 'subFrom' | 'mul' | 'div' | 'divInto' | 'max' | 'maxWith' | 'min' | 'minWith' | 'neg' | 'abs' | 'sqrt' | 'copyBytes' | 'unary' | 'binary' | 'powNumber' | 'select' | 'cast', number>> = {
  copy: 0,
  add: 1,
  sub: 2,
  subFrom: 3,
  mul: 4,
  div: 5,
  divInto: 6,
  max: 7,
  maxWith: 8,
  min: 9,
  minWith: 10,
  neg: 11,
  abs: 12,
  sqrt: 13,
  copyBytes: 14,
  unary: 15,
  binary: 16,
  powNumber: 17,
  select: 18,
  cast: 19,
};
