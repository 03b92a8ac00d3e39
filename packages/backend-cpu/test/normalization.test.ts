// Batch normalisation, softmax and its relatives on every engine, on random shapes.

import fc from 'fast-check';
import { it } from 'vitest';
import type { TypedArray } from '@sinapse/core';
import type { FuzzCall } from './fuzz.ts';
import { dataOf, fuzz, FUZZ_TIMEOUT, seeds, shapes, smallIntegers, within } from './fuzz.ts';

const RUNS = { quick: 25, full: 2000 };

const activations = fc.constantFrom('linear', 'relu', 'leakyRelu', 'sigmoid', 'tanh');
const scalars = { alpha: 0.25, epsilon: 0.125 };
const channelCounts = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(32, 63, 64, 127, 128, 129, 1000));
const rowCounts = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 100, max: 2000 }), fc.integer({ min: 5000, max: 30_000 }));

/** Multiples of 1/2 in [-4, 4]. */
function halves(shape: readonly number[], seed: number): ReturnType<typeof dataOf> {
  return dataOf('float32', shape, seed, (word) => ((word % 17) - 8) / 2);
}

const batches = fc
  .record({ channels: channelCounts, rows: rowCounts, activation: activations, residual: fc.boolean(), seed: seeds })
  .map((batch) => ({ ...batch, shape: [Math.max(1, Math.min(batch.rows, Math.floor(400_000 / batch.channels))), batch.channels] }));

const batchNorms: fc.Arbitrary<FuzzCall> = batches.map(({ shape, channels, activation, residual, seed }) => ({
  kernel: 'batchNorm',
  in: {
    x: halves(shape, seed),
    scale: halves([channels], seed + 1),
    offset: halves([channels], seed + 2),
    ...(residual && { residual: halves(shape, seed + 3) }),
  },
  out: {
    y: { dtype: 'float32', shape },
    mean: { dtype: 'float32', shape: [channels] },
    variance: { dtype: 'float32', shape: [channels] },
  },
  attrs: { activation },
  scalars,
}));

const batchNormGrads: fc.Arbitrary<FuzzCall> = batches.map(({ shape, channels, activation, residual, seed }) => ({
  kernel: 'batchNormGrad',
  in: {
    x: halves(shape, seed),
    y: dataOf('float32', shape, seed + 1, (word) => ((word % 17) - 8) / 8),
    dy: smallIntegers('float32', shape, seed + 2),
    scale: halves([channels], seed + 3),
    mean: dataOf('float32', [channels], seed + 4, (word) => ((word % 5) - 2) / 8),
    variance: dataOf('float32', [channels], seed + 5, (word) => (word % 5) + 1),
  },
  out: {
    dx: { dtype: 'float32', shape },
    dscale: { dtype: 'float32', shape: [channels] },
    doffset: { dtype: 'float32', shape: [channels] },
    dresidual: { dtype: 'float32', shape: residual ? shape : [0] },
  },
  attrs: { activation, residual },
  scalars,
}));

/** dscale and doffset are sums over the batch and grow with it, so their tolerance is larger than that of dx and dresidual. */
function gradients(actual: TypedArray, expected: TypedArray, what: string): void {
  const summed = /output [12]/.test(what);
  // |dz| <= 8, |x - mean| / deviation <= 4: the terms of dx are below 4 / 1 * (8 + 8 + 4 * 8 * 4). Sums: up to 30,000 terms in blocks of 64.
  const tolerance = summed ? 30_000 * 32 * 64 * 2 ** -24 * 2 ** -4 : 600 * 2 ** -20;
  within(tolerance)(actual, expected, what);
}

// y is at most 4 * 8 / √0.125 + 8 = 99 before the activation, with some ten roundings.
it('batchNorm', fuzz(batchNorms, within(99 * 10 * 2 ** -23), RUNS), FUZZ_TIMEOUT);
it('batchNormGrad', fuzz(batchNormGrads, gradients, RUNS), FUZZ_TIMEOUT);

const logits = fc
  .tuple(
    shapes(1, 3, 300_000).filter((shape) => shape.at(-1) !== 0),
    seeds,
  )
  .map(([shape, seed]) => dataOf('float32', shape, seed, (word) => (word % 4096) / 256 - 8));
const rowsOf = (kernel: 'softmax' | 'logSoftmax' | 'logSumExp'): fc.Arbitrary<FuzzCall> =>
  logits.map((x) => ({
    kernel,
    in: { x },
    out: { y: { dtype: 'float32', shape: kernel === 'logSumExp' ? x.shape.slice(0, -1) : x.shape } },
  }));
const crossEntropies: fc.Arbitrary<FuzzCall> = fc.tuple(shapes(2, 2, 300_000), seeds).map(([shape, seed]) => {
  const [rows, classes] = [shape[0], Math.max(1, shape[1])];
  return {
    kernel: 'softmaxCrossEntropy',
    in: {
      logits: dataOf('float32', [rows, classes], seed, (word) => (word % 4096) / 256 - 8),
      labels: dataOf('int32', [rows], seed, (word) => (word % (classes + 2)) - 1),
    },
    out: { loss: { dtype: 'float32', shape: [rows] }, dlogits: { dtype: 'float32', shape: [rows, classes] } },
  };
});

// Probabilities are at most 1, logarithms at most 16 + ln 300,000. x - max is at most 16, which magnifies its rounding.
it('softmax', fuzz(rowsOf('softmax'), within(64 * 2 ** -24), RUNS), FUZZ_TIMEOUT);
it('logSoftmax', fuzz(rowsOf('logSoftmax'), within(256 * 2 ** -24), RUNS), FUZZ_TIMEOUT);
it('logSumExp', fuzz(rowsOf('logSumExp'), within(256 * 2 ** -24), RUNS), FUZZ_TIMEOUT);
it('softmaxCrossEntropy', fuzz(crossEntropies, within(256 * 2 ** -24), RUNS), FUZZ_TIMEOUT);
