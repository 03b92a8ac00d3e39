// The functions of kernels/base/math.h and trigonometric.h compared with float64 over all floats: their error in units in the last place.

import { describe, expect, it } from 'vitest';
import type { Backend, TypedArray, UnaryOp, View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import { erf, erfc } from '@sinapse/backend-reference';
import { engines, FULL } from './fuzz.ts';

interface Stated {
  readonly op: UnaryOp;
  readonly exact: (x: number) => number;
  /** The bound that the headers state, in ulps. */
  readonly bound: number;
}

const STATED: readonly Stated[] = [
  { op: 'exp', exact: Math.exp, bound: 1.5 },
  { op: 'expm1', exact: Math.expm1, bound: 2 },
  { op: 'log', exact: Math.log, bound: 1.5 },
  { op: 'log1p', exact: Math.log1p, bound: 1.5 },
  { op: 'sigmoid', exact: (x) => 1 / (1 + Math.exp(-x)), bound: 2.5 },
  { op: 'tanh', exact: Math.tanh, bound: 1.5 },
  { op: 'erf', exact: erf, bound: 1.5 },
  { op: 'erfc', exact: erfc, bound: 6 },
  { op: 'sin', exact: Math.sin, bound: 2 },
  { op: 'cos', exact: Math.cos, bound: 2 },
];

/** The distance between tested floats, of all 2^32; a prime, so that all digits of the mantissa vary. */
const STRIDE = FULL ? 1021 : 65_521;
const CHUNK = 2 ** 17;

/** Floats with the bits `first`, `first + STRIDE`, …; the last chunk is shorter. */
function* chunks(): Generator<Float32Array<ArrayBuffer>> {
  const most = Math.ceil(2 ** 32 / STRIDE);
  for (let begin = 0; begin < most; begin += CHUNK) {
    const bits = Uint32Array.from({ length: Math.min(CHUNK, most - begin) }, (_, i) => (begin + i) * STRIDE);
    yield new Float32Array(bits.buffer);
  }
}

const LIMIT = 2 ** 128;

/** A value that does not fit into a float32 counts as the first power of two that does not. */
function bounded(value: number): number {
  return Math.max(-LIMIT, Math.min(LIMIT, value));
}

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);

/** The distance between neighbouring float32 values near a number: 2^-149 for denormals, 2^104 for the largest. */
function spacing(value: number): number {
  DOUBLE[0] = value;
  const exponent = ((WORDS[1] >>> 20) & 0x7ff) - 1023;
  return 2 ** (Math.min(127, Math.max(-126, exponent)) - 23);
}

/** The error in ulps; infinite if only one of the two is NaN. */
function ulpsOff(actual: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(actual) ? 0 : Infinity;
  const off = Math.abs(bounded(actual) - bounded(exact)) / spacing(bounded(exact));
  return Number.isNaN(off) ? Infinity : off;
}

function compute(backend: Backend, op: UnaryOp, values: Float32Array): TypedArray {
  const spec = specOf('float32', [values.length]);
  const [x, y]: View[] = [0, 1].map(() => ({ ...spec, storage: backend.allocate(spec), offset: 0 }));
  backend.write(x, values);
  backend.kernels.unary({ in: { x }, out: { y }, attrs: { op }, scalars: {} });
  const result = backend.readSync!(y);
  for (const { storage } of [x, y]) backend.release(storage);
  return result;
}

interface Worst {
  readonly off: number;
  readonly x: number;
  readonly actual: number;
  readonly exact: number;
}

function worstOf(actual: TypedArray, values: Float32Array, exact: Stated['exact'], before: Worst): Worst {
  let worst = before;
  for (let i = 0; i < values.length; i++) {
    const wanted = exact(values[i]);
    const off = ulpsOff(actual[i], wanted);
    if (off > worst.off) worst = { off, x: values[i], actual: actual[i], exact: wanted };
  }
  return worst;
}

for (const { name, few } of engines) {
  describe(`the engine ${name}`, () => {
    for (const { op, exact, bound } of STATED) {
      it(`${op} is within ${bound} ulp of all floats`, () => {
        let worst: Worst = { off: 0, x: 0, actual: 0, exact: 0 };
        for (const values of chunks()) worst = worstOf(compute(few, op, values), values, exact, worst);
        expect(worst.off, `${op}(${worst.x}) is ${worst.actual}, exactly ${worst.exact}`).toBeLessThanOrEqual(bound);
      });

      it(`${op} of zeros, infinities, NaN, 1, -1 and the smallest numbers`, () => {
        const special = [0, -0, Infinity, -Infinity, NaN, 1, -1, 2 ** -149, -(2 ** -149), 2 ** -126, -(2 ** -126)];
        const actual = compute(few, op, Float32Array.from(special));
        special.forEach((x, i) => {
          expect(ulpsOff(actual[i], exact(x)), `${op}(${x}) is ${actual[i]}, exactly ${exact(x)}`).toBeLessThanOrEqual(bound);
        });
      });
    }

    it.each(['sin', 'expm1', 'log1p', 'tanh', 'erf'] as const)('%s keeps the sign of zero', (op) => {
      expect([...compute(few, op, Float32Array.of(0, -0))]).toEqual([0, -0]);
    });
  });
}
