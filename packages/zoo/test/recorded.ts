// The results that fixtures/record-pytorch.py recorded. Its weights and images are not stored: `values` computes the same numbers there and
// here.

import { readFileSync } from 'node:fs';
import type { Tensor } from '@sinapse/core';
import { State, scope, sizeOf, tensor, walk } from '@sinapse/core';
import { expect } from 'vitest';

interface Recording {
  readonly origin: string;
  readonly resnet20: {
    readonly parameters: number;
    readonly predicted: readonly number[][];
    readonly trained: readonly number[][];
    readonly loss: number;
    /** The `fingerprint` of each gradient, in the order of the parameters. */
    readonly gradients: readonly number[];
    /** The `fingerprint` of each running average after a step, in the order of the states. */
    readonly statistics: readonly number[];
  };
  readonly resnet50: Readonly<Record<'v1' | 'v1.5', { readonly parameters: number; readonly predicted: readonly number[][] }>>;
}

export const recording = JSON.parse(readFileSync(new URL('../fixtures/pytorch-resnets.json', import.meta.url), 'utf8')) as Recording;

/** Multiples of 2^-20 in [0, 1), exact in float32, from C. Wellons' integer hash lowbias32 of index and seed. */
export function values(count: number, seed: number): Float64Array {
  const drawn = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
    h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
    h ^= h >>> 16;
    drawn[i] = (h >>> 12) / 2 ** 20;
  }
  return drawn;
}

/**
 * Gives every cell of a built model the recording's values: kernels about as large as He's, scales and variances around 1, the others
 * around 0.
 */
export function assignValues(model: object): void {
  scope(() =>
    walk(model).forEach(({ path, cell }, seed) => {
      const isKernel = path.endsWith('kernel');
      const size = 2 ** Math.round(Math.log2(Math.sqrt(6 / sizeOf(cell.shape.slice(0, -1)))));
      const low = /(scale|variance)$/.test(path) ? 0.5 : -0.5;
      const data = values(cell.size, seed).map((u) => (isKernel ? (2 * u - 1) * size : u + low));
      cell.assign(tensor(data, { shape: cell.shape }));
    }),
  );
}

export function images(count: number, size: number): Tensor {
  const shape = [count, size, size, 3];
  const data = values(sizeOf(shape), 1000).map((u) => 2 * u - 1);
  return tensor(data, { shape });
}

/** The inner product of x and fixed values. An element at a wrong index changes it. */
export function fingerprint(x: Tensor, seed: number): number {
  const weights = values(x.size, seed);
  return Array.from(x.dataSync()).reduce((sum, value, i) => sum + value * (2 * weights[i]! - 1), 0);
}

/** The values of a model's states, in their order. */
export function statisticsOf(model: object): Tensor[] {
  return walk(model).flatMap(({ cell }) => (cell instanceof State ? [cell.value] : []));
}

/** @param tolerance relative to the largest of the expected values */
export function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  const allowed = tolerance * Math.max(...expected.map(Math.abs));
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThanOrEqual(allowed);
}
