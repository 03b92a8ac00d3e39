// The loops of two-operand functions. Each op has its own loop for each kind of array, so that the engine compiles it for that case alone.

import type { BinaryOp, DType, TypedArray } from '@sinapse/core';
import { BackendError } from '@sinapse/core';

/** y[yAt + i] = op(a[aAt], b[bAt]) for i < n. A step is 1, or 0 for one value against many. */
export type BinaryLoop = (
  a: TypedArray,
  aAt: number,
  aStep: number,
  b: TypedArray,
  bAt: number,
  bStep: number,
  y: TypedArray,
  yAt: number,
  n: number,
) => void;
type Loops = Readonly<Partial<Record<BinaryOp, BinaryLoop>>>;

const COMPARISONS: Loops = {
  equal: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] === b[bAt] ? 1 : 0;
  },
  notEqual: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] !== b[bAt] ? 1 : 0;
  },
  less: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] < b[bAt] ? 1 : 0;
  },
  lessEqual: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] <= b[bAt] ? 1 : 0;
  },
  greater: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] > b[bAt] ? 1 : 0;
  },
  greaterEqual: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] >= b[bAt] ? 1 : 0;
  },
};

const FLOAT: Loops = {
  ...COMPARISONS,
  add: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] + b[bAt];
  },
  sub: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] - b[bAt];
  },
  mul: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] * b[bAt];
  },
  div: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] / b[bAt];
  },
  mod: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = floorMod(a[aAt], b[bAt]);
  },
  pow: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = power(a[aAt], b[bAt]);
  },
  max: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = Math.max(a[aAt], b[bAt]);
  },
  min: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = Math.min(a[aAt], b[bAt]);
  },
};

const INTEGER: Loops = {
  ...COMPARISONS,
  add: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = (a[aAt] + b[bAt]) | 0;
  },
  sub: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = (a[aAt] - b[bAt]) | 0;
  },
  mul: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = Math.imul(a[aAt], b[bAt]);
  },
  // x / 0 and x % 0 give an infinity or NaN, which int32 stores as 0.
  div: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = (a[aAt] / b[bAt]) | 0;
  },
  mod: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = floorMod(a[aAt], b[bAt]) | 0;
  },
  pow: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = integerPower(a[aAt], b[bAt]);
  },
  max: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = Math.max(a[aAt], b[bAt]);
  },
  min: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = Math.min(a[aAt], b[bAt]);
  },
};

const BOOL: Loops = {
  ...COMPARISONS,
  and: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] & b[bAt];
  },
  or: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] | b[bAt];
  },
  xor: (a, aAt, aStep, b, bAt, bStep, y, yAt, n) => {
    for (let i = 0; i < n; i++, aAt += aStep, bAt += bStep) y[yAt + i] = a[aAt] ^ b[bAt];
  },
};

const LOOPS: Readonly<Partial<Record<DType, Loops>>> = { float32: FLOAT, int32: INTEGER, uint8: COMPARISONS, bool: BOOL };

/** @throws BackendError when the op is not defined on the dtype */
export function binaryLoop(op: BinaryOp, dtype: DType): BinaryLoop {
  const loop = LOOPS[dtype]?.[op];
  if (loop === undefined) throw new BackendError(`binary ${op} is not defined on ${dtype}`);
  return loop;
}

/** a - floor(a / b) * b, exact: the remainder has the sign of b. */
function floorMod(a: number, b: number): number {
  const remainder = a % b; // the sign of a
  if (remainder === 0) return b < 0 ? -0 : 0;
  return remainder < 0 === b < 0 ? remainder : remainder + b;
}

/** pow as in IEEE 754. 1 to the NaN, and 1 or -1 to an infinity, are 1; JavaScript gives NaN. */
function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  return a ** b;
}

/** base^exponent modulo 2^32, by squaring. A negative exponent gives the fraction rounded towards 0: 0, except for bases 1 and -1. */
function integerPower(base: number, exponent: number): number {
  if (exponent < 0) return base === 1 ? 1 : base === -1 ? (exponent & 1 ? -1 : 1) : 0;
  let result = 1;
  for (let square = base, left = exponent; left > 0; left >>>= 1) {
    if (left & 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}
