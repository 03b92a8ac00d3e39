// Matrix products, and the fully connected layer.

import type { Activated } from '../grid/activated.ts';
import { ACTIVATED, FLOAT32 } from '../grid/activated.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { ValueClass } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { magnitudes } from '../tolerances/expectation.ts';
import { fractions } from '../tolerances/rounding.ts';
import { activatedErrors, productFactor, PRODUCTS } from '../tolerances/sums.ts';
import type { Records } from './record.ts';

/** Classes for sums of products. With larger values it would depend on the order whether a partial sum overflows. */
const PRODUCT_CLASSES: readonly ValueClass[] = ['ordinary', 'ties', 'zeros', 'nan', 'infinities', 'wide'];

/** Lengths around the tile sizes of a matrix product; the longest k spans several cache blocks. */
function lengths(grid: Grid, quick: readonly number[]): readonly number[] {
  return grid.full ? [...new Set([...quick, 2, 5, 31, 32, 65, 257])] : quick;
}

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** The most multiplications of one case, for the sake of the reference. */
const MOST_MACS = 3e6;

function matmulCases(grid: Grid): Cases<'matmul'> {
  return gridCases<'matmul', Product & { batch: readonly [number, number]; transposeA: boolean; transposeB: boolean }>(grid, 'matmul', {
    contents: floats(PRODUCT_CLASSES),
    parameters: {
      m: lengths(grid, [0, 1, 3, 4, 7, 16, 17, 33, 70]),
      n: lengths(grid, [0, 1, 3, 8, 15, 16, 17, 33, 64, 150]),
      k: lengths(grid, [0, 1, 3, 4, 8, 15, 17, 64, 1030]),
      batch: [[1, 1], [3, 3], [1, 3], [2, 1], [0, 1]], // prettier-ignore
      transposeA: [false, true],
      transposeB: [false, true],
    },
    allowed: ({ m, n, k, batch }) => m * n * k * Math.max(...batch) <= MOST_MACS,
    build: ({ m, n, k, batch: [left, right], transposeA, transposeB, values }, random) => ({
      inputs: {
        a: random.tensor('float32', transposeA ? [left, k, m] : [left, m, k], values),
        b: random.tensor('float32', transposeB ? [right, n, k] : [right, k, n], values),
      },
      attrs: { transposeA, transposeB, precision: FLOAT32 },
      scalars: {},
    }),
  });
}

function linearCases(grid: Grid): Cases<'linear'> {
  return gridCases<'linear', Product & Activated>(grid, 'linear', {
    contents: floats(PRODUCT_CLASSES),
    parameters: {
      m: lengths(grid, [0, 1, 3, 4, 17, 33, 70]),
      n: lengths(grid, [1, 3, 8, 10, 16, 17, 64, 150]),
      k: lengths(grid, [0, 1, 3, 8, 17, 64, 1030]),
      ...ACTIVATED,
    },
    allowed: ({ m, n, k }) => m * n * k <= MOST_MACS,
    build: ({ m, n, k, bias, activation, alpha, values }, random) => ({
      inputs: {
        x: random.tensor('float32', [m, k], values),
        weight: random.tensor('float32', [k, n], values),
        ...(bias ? { bias: random.tensor('float32', [n], 'ordinary') } : {}),
      },
      attrs: { activation, precision: FLOAT32 },
      scalars: { alpha },
    }),
  });
}

function matmulErrors(e: Expectation<'matmul'>): Float64Array {
  const k = e.call.inputs.a.shape[e.call.attrs.transposeA ? 1 : 2]!;
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, productFactor(k));
}

function linearErrors(e: Expectation<'linear'>): Float64Array {
  return activatedErrors(e, productFactor(e.call.inputs.x.shape[1]! + 1));
}

export const matmulRecords: Records<'matmul' | 'linear'> = {
  matmul: {
    cases: matmulCases,
    why: PRODUCTS,
    allowed: matmulErrors,
  },
  linear: {
    cases: linearCases,
    why: `${PRODUCTS}; bias and activation as biasActivation`,
    allowed: linearErrors,
  },
};
