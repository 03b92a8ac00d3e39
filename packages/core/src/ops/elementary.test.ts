// Trigonometric, hyperbolic and logarithmic functions and their derivatives against float64 formulas, and at the edges of what floats hold.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grad } from '../autodiff/gradient.ts';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { fused } from '../fused/fused.ts';
import { tensor } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { isFinite, isInfinite } from './finite.ts';
import { acosh, asinh, atanh, cosh, sinh } from './hyperbolic.ts';
import { log10, log2, logAddExp } from './logarithm.ts';
import { acos, asin, atan, atan2, tan } from './trigonometry.ts';

const U = 2 ** -24;

interface Elementary {
  readonly op: (x: Tensor) => Tensor;
  readonly exact: (x: number) => number;
  readonly slope: (x: number) => number;
  /** Between which numbers it is checked. */
  readonly domain: readonly [number, number];
}

const FUNCTIONS: Readonly<Record<string, Elementary>> = {
  tan: { op: tan, exact: Math.tan, slope: (x) => 1 / Math.cos(x) ** 2, domain: [-1.5, 1.5] },
  asin: { op: asin, exact: Math.asin, slope: (x) => 1 / Math.sqrt(1 - x * x), domain: [-1, 1] },
  acos: { op: acos, exact: Math.acos, slope: (x) => -1 / Math.sqrt(1 - x * x), domain: [-1, 1] },
  atan: { op: atan, exact: Math.atan, slope: (x) => 1 / (1 + x * x), domain: [-1e6, 1e6] },
  sinh: { op: sinh, exact: Math.sinh, slope: Math.cosh, domain: [-88, 88] },
  cosh: { op: cosh, exact: Math.cosh, slope: Math.sinh, domain: [-88, 88] },
  asinh: { op: asinh, exact: Math.asinh, slope: (x) => 1 / Math.hypot(x, 1), domain: [-1e30, 1e30] },
  acosh: { op: acosh, exact: Math.acosh, slope: (x) => 1 / Math.sqrt(x - 1) / Math.sqrt(x + 1), domain: [1, 1e30] },
  atanh: { op: atanh, exact: Math.atanh, slope: (x) => 1 / ((1 - x) * (1 + x)), domain: [-1, 1] },
  log2: { op: log2, exact: Math.log2, slope: (x) => Math.LOG2E / x, domain: [1e-30, 1e30] },
  log10: { op: log10, exact: Math.log10, slope: (x) => Math.LOG10E / x, domain: [1e-30, 1e30] },
};

/** Points across a domain: evenly, and close to 0, to 1 and to both ends. */
function pointsIn([low, high]: readonly [number, number]): Float32Array {
  const even = Array.from({ length: 301 }, (_, i) => low + ((high - low) * i) / 300);
  const small = [1e-30, 1e-7, 1e-3, 0.1, 0.5, 0.99, 1, 1.01, 2, 17, 1e3, 1e9].flatMap((x) => [x, -x]);
  const ends = [low + (high - low) * 1e-4, high - (high - low) * 1e-4];
  return Float32Array.from([...even, ...small, ...ends]).filter((x) => x >= low && x <= high);
}

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

describe.each(Object.entries(backends))('%s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  const values = (x: Tensor): number[] => [...x.dataSync()];

  // 32 u covers the 4 ulps of each of up to four functions and the operations between them. In log2 and log10 the logarithm is right to a relative
  // 4 ulps, also near 1.
  test.each(Object.entries(FUNCTIONS))('%s and its derivative are right to a relative 32 u', (__, { op, exact, slope, domain }) => {
    const at = pointsIn(domain);
    const x = tensor(at);
    const [y, dy] = [op(x).dataSync(), grad((t: Tensor) => op(t).sum())(x).dataSync()];
    at.forEach((point, i) => {
      for (const [what, got, wanted] of [['value', y[i]!, exact(point)], ['derivative', dy[i]!, slope(point)]] as const) {
        const fits = Number.isFinite(wanted) ? Math.abs(got - wanted) <= 32 * U * Math.abs(wanted) + 2 ** -126 : got === wanted;
        expect(fits, `the ${what} at ${point} is ${got}, exactly ${wanted}`).toBe(true);
      }
    }); // prettier-ignore
  });

  test('outside their domains they are NaN, at infinity what they tend to', () => {
    for (const op of [asin, acos, atanh]) expect(values(op(tensor([1.5, -1.5])))).toEqual([NaN, NaN]);
    expect(values(acosh(tensor([0.5, -2, -1e30, Infinity])))).toEqual([NaN, NaN, NaN, Infinity]);
    for (const op of [sinh, asinh]) expect(values(op(tensor([Infinity, -Infinity, NaN, -0])))).toEqual([Infinity, -Infinity, NaN, -0]);
    expect(values(cosh(tensor([Infinity, -Infinity, NaN, 0])))).toEqual([Infinity, Infinity, NaN, 1]);
    expect(values(atan(tensor([Infinity, -Infinity, NaN, -0])))).toEqual([Math.fround(Math.PI / 2), Math.fround(-Math.PI / 2), NaN, -0]);
    expect(values(atanh(tensor([1, -1, -0])))).toEqual([Infinity, -Infinity, -0]);
    expect(values(log2(tensor([0, -1, Infinity])))).toEqual([-Infinity, NaN, Infinity]);
    expect(values(sinh(tensor([89, -89])))[0]! / Math.sinh(89)).toBeCloseTo(1, 5); // e^89 overflows
  });

  test('atan2 agrees with the formula in every quadrant, for zeros of either sign and for infinities', () => {
    const special = [0, -0, 1, -1, 1e-30, -3e20, Infinity, -Infinity, 0.3, NaN];
    const [y, x] = [special.flatMap((a) => special.map(() => a)), special.flatMap(() => special)];
    const got = values(atan2(tensor(y), tensor(x)));
    got.forEach((angle, i) => {
      const wanted = Math.atan2(y[i]!, x[i]!);
      const fits = Number.isNaN(wanted) ? Number.isNaN(angle) : Math.abs(angle - wanted) <= 16 * U * Math.abs(wanted);
      expect(fits, `atan2(${y[i]}, ${x[i]}) is ${angle}, exactly ${wanted}`).toBe(true);
    });
  });

  test('atan2 has the slopes x / (x² + y²) and -y / (x² + y²), also where squares overflow', () => {
    const points = [[1, 2], [-3, 0.5], [2e20, -1e20], [1e-25, 3e-25]] as const; // prettier-ignore
    for (const [y, x] of points) {
      const slope = grad((t: Tensor) => atan2(t.slice([0]), t.slice([1])))(tensor([y, x])).dataSync();
      const square = x * x + y * y;
      expect(slope[0]! / (x / square)).toBeCloseTo(1, 5);
      expect(slope[1]! / (-y / square)).toBeCloseTo(1, 5);
    }
  });

  test('logAddExp neither overflows nor loses the smaller number, and takes infinities', () => {
    const a = [1000, -1000, 0, -Infinity, Infinity, -Infinity, NaN];
    const b = [1000, -1001, -20, -Infinity, Infinity, 3, 1];
    const wanted = [1000 + Math.LN2, -1000 + Math.log1p(Math.exp(-1)), Math.log1p(Math.exp(-20)), -Infinity, Infinity, 3, NaN];
    expect(values(logAddExp(tensor(a), tensor(b)))).toEqual(wanted.map((y) => (Number.isFinite(y) ? expect.closeTo(y, Math.abs(y) > 900 ? 3 : 9) : y))); // prettier-ignore
    const slope = grad((x: Tensor) => logAddExp(x, tensor([1, 1, -Infinity])).sum())(tensor([1, 3, -Infinity]));
    expect(values(slope)).toEqual([0.5, expect.closeTo(1 / (1 + Math.exp(-2)), 6), 0]);
  });

  test('a formula cannot have those with a derivative of their own, and says which', () => {
    expect(() => fused((x: Tensor) => atan(x).mul(2))(tensor([1]))).toThrow('a formula computes element by element and cannot have atan');
    expect(values(fused((x: Tensor) => tan(x).mul(0))(tensor([1])))).toEqual([0]);
  });

  test('isFinite and isInfinite', () => {
    const x = tensor([0, -1, Infinity, -Infinity, NaN]);
    expect(values(isFinite(x))).toEqual([1, 1, 0, 0, 0]);
    expect(values(isInfinite(x))).toEqual([0, 0, 1, 1, 0]);
  });
});
