// Functions of one operand. Each has its own loop: a shared loop that calls a function per element is several times slower.

import type { DType, Kernel, TypedArray, UnaryOp } from '@sinapse/core';
import { BackendError } from '@sinapse/core';
import { erf, erfc } from './erf.ts';
import { valuesOf } from './storage.ts';

/** y[yAt + i] = op(x[xAt + i]) for i < n. */
type Loop = (x: TypedArray, xAt: number, y: TypedArray, yAt: number, n: number) => void;
type Loops = Readonly<Partial<Record<UnaryOp, Loop>>>;

const FLOAT: Loops = {
  neg: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = -x[xAt + i];
  },
  abs: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.abs(x[xAt + i]);
  },
  sign: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.sign(x[xAt + i]);
  },
  floor: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.floor(x[xAt + i]);
  },
  ceil: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.ceil(x[xAt + i]);
  },
  round: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = roundHalfToEven(x[xAt + i]);
  },
  exp: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.exp(x[xAt + i]);
  },
  expm1: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.expm1(x[xAt + i]);
  },
  log: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.log(x[xAt + i]);
  },
  log1p: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.log1p(x[xAt + i]);
  },
  sqrt: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.sqrt(x[xAt + i]);
  },
  sin: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.sin(x[xAt + i]);
  },
  cos: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.cos(x[xAt + i]);
  },
  tanh: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.tanh(x[xAt + i]);
  },
  sigmoid: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = 1 / (1 + Math.exp(-x[xAt + i]));
  },
  erf: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = erf(x[xAt + i]);
  },
  erfc: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = erfc(x[xAt + i]);
  },
  isNaN: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Number.isNaN(x[xAt + i]) ? 1 : 0;
  },
};

const INTEGER: Loops = {
  neg: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = -x[xAt + i] | 0;
  },
  abs: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.abs(x[xAt + i]) | 0;
  },
  sign: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = Math.sign(x[xAt + i]);
  },
};

const BOOL: Loops = {
  not: (x, xAt, y, yAt, n) => {
    for (let i = 0; i < n; i++) y[yAt + i] = x[xAt + i] ^ 1;
  },
};

const LOOPS: Readonly<Partial<Record<DType, Loops>>> = { float32: FLOAT, int32: INTEGER, bool: BOOL };

export const unary: Kernel<'unary'> = ({ in: { x }, out: { y }, attrs: { op } }) => {
  const loop = LOOPS[x.dtype]?.[op];
  if (loop === undefined) throw new BackendError(`unary ${op} is not defined on ${x.dtype}`);
  loop(valuesOf(x), x.offset, valuesOf(y), y.offset, y.size);
};

/** Rounds to the nearest integer, a tie to the even one; keeps the sign of zero. */
function roundHalfToEven(x: number): number {
  const size = Math.abs(x);
  if (!(size < 0x10000000000000)) return x; // from 2^52 on every double is an integer; also NaN
  return (size + 0x10000000000000 - 0x10000000000000) * Math.sign(x); // the addition rounds as IEEE 754 does: half to even
}
