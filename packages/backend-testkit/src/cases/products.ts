// Grids of the matrix products, and of the kernels that add a bias and activate.

import type { Activation, Precision, Shape } from '@sinapse/core';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass } from '../grid/values.ts';
import { hostTensor } from '../grid/values.ts';

export const FLOAT32: Precision = { output: 'float32', accumulation: 'float32' };

/** What sums of products are tried on; larger values would overflow on the way or not, depending on the order. */
const PRODUCT_CLASSES: readonly ValueClass[] = ['ordinary', 'ties', 'zeros', 'nan', 'infinities', 'wide'];

const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'leakyRelu', 'elu', 'sigmoid', 'tanh'];
const ALPHAS: readonly number[] = [0.01, 0.3, 1, 1.6];

/** Lengths around the tiles of a matrix product; the longest k is several blocks of a cache. */
function lengths(grid: Grid, quick: readonly number[]): readonly number[] {
  return grid.full ? [...new Set([...quick, 2, 5, 31, 32, 65, 257])] : quick;
}

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Multiplications that one case may take on the reference. */
const MOST_MACS = 3e6;

export function matmulCases(grid: Grid): Cases<'matmul'> {
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

interface Activated {
  readonly bias: boolean;
  readonly activation: Activation;
  readonly alpha: number;
}

export const ACTIVATED: {
  readonly bias: readonly boolean[];
  readonly activation: readonly Activation[];
  readonly alpha: readonly number[];
} = {
  bias: [false, true],
  activation: ACTIVATIONS,
  alpha: ALPHAS,
};

export function linearCases(grid: Grid): Cases<'linear'> {
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

/** Shapes of what a bias, or statistics, of the last axis go with. */
export const BIASED: readonly Shape[] = [[0, 4], [1], [17], [3, 1], [5, 7], [4, 8], [2, 16], [9, 33], [2, 3, 64], [2, 3, 5, 3], [1, 2, 2, 3, 4], [130, 257]]; // prettier-ignore

export function biasActivationCases(grid: Grid): Cases<'biasActivation'> {
  return gridCases<'biasActivation', Activated & { shape: Shape }>(grid, 'biasActivation', {
    contents: floats(['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide']),
    parameters: { shape: [[], ...BIASED], ...ACTIVATED },
    allowed: ({ shape, bias }) => shape.length > 0 || !bias,
    build: ({ shape, bias, activation, alpha, values }, random) => ({
      inputs: {
        x: random.tensor('float32', shape, values),
        ...(bias ? { bias: random.tensor('float32', shape.slice(-1), 'ordinary') } : {}),
      },
      attrs: { activation },
      scalars: { alpha },
    }),
  });
}

/** Values that an activation can have. */
export function activated(x: HostTensor, activation: Activation, alpha: number): HostTensor {
  const { data, shape, dtype } = x;
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return hostTensor(dtype, shape, data.map((value) => Math.max(value, 0))); // prettier-ignore
    case 'leakyRelu':
      return hostTensor(dtype, shape, data.map((value) => (value > 0 ? value : alpha * value))); // prettier-ignore
    case 'elu':
      return hostTensor(dtype, shape, data.map((value) => (value > 0 ? value : alpha * Math.expm1(value)))); // prettier-ignore
    case 'sigmoid':
      return hostTensor(dtype, shape, data.map((value) => 1 / (1 + Math.exp(-value)))); // prettier-ignore
    case 'tanh':
      return hostTensor(dtype, shape, data.map((value) => Math.tanh(value))); // prettier-ignore
  }
}

export function biasActivationGradCases(grid: Grid): Cases<'biasActivationGrad'> {
  return gridCases<'biasActivationGrad', Activated & { shape: Shape }>(grid, 'biasActivationGrad', {
    // What becomes of infinities times a slope of 0 is left open, so dy is finite.
    contents: floats(['ordinary', 'tens', 'ties', 'zeros', 'nan', 'wide']),
    parameters: { shape: [[], ...BIASED], ...ACTIVATED },
    allowed: ({ shape, bias }) => shape.length > 0 || !bias,
    build: ({ shape, bias, activation, alpha, values }, random) => ({
      inputs: {
        y: activated(random.tensor('float32', shape, values), activation, alpha),
        dy: random.tensor('float32', shape, values === 'nan' ? 'ordinary' : values),
      },
      attrs: { activation, bias },
      scalars: { alpha },
    }),
  });
}
