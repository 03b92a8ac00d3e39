// Pooling and its gradients on every engine, on random geometries. Values are small integers, so that sums are exact and ties common.

import fc from 'fast-check';
import { it } from 'vitest';
import { sizeOf } from '@sinapse/core';
import type { FuzzCall } from './fuzz.ts';
import { exactly, fuzz, FUZZ_TIMEOUT, seeds, smallIntegers, within } from './fuzz.ts';

const RUNS = { quick: 25, full: 3000 };

interface Geometry {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly seed: number;
  readonly attrs: { readonly window: number[]; readonly strides: number[]; readonly padding: number[] };
}

const axis = fc
  .record({
    length: fc.integer({ min: 1, max: 40 }),
    window: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 4 }),
    whole: fc.boolean(),
  })
  .chain(({ length, window, stride, whole }) =>
    fc
      .tuple(fc.nat(whole ? 0 : window - 1), fc.nat(whole ? 0 : window - 1))
      .map(([before, after]) => ({ length, window, stride, before, after })),
  )
  .filter(({ length, window, before, after }) => length + before + after >= window);

/** Elements of one image batch: its lowering goes through all of them for each tap of the window. */
const MOST_ELEMENTS = 500_000;

const geometries: fc.Arbitrary<Geometry> = fc
  .tuple(
    axis,
    fc.oneof(
      { weight: 3, arbitrary: axis },
      { weight: 1, arbitrary: fc.constantFrom({ length: 700, window: 3, stride: 2, before: 1, after: 1 }) },
    ),
    fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(15, 16, 17, 33, 64)),
    fc.constantFrom(1, 2, 9),
    seeds,
  )
  .map(([rows, columns, channels, batch, seed]) => {
    const output = [rows, columns].map(
      ({ length, window, stride, before, after }) => Math.floor((length + before + after - window) / stride) + 1,
    );
    return {
      x: [batch, rows.length, columns.length, channels],
      y: [batch, ...output, channels],
      seed,
      attrs: {
        window: [rows.window, columns.window],
        strides: [rows.stride, columns.stride],
        padding: [rows.before, rows.after, columns.before, columns.after],
      },
    };
  })
  .filter(({ x }) => sizeOf(x) <= MOST_ELEMENTS);

const forward = (kernel: 'maxPool2d' | 'avgPool2d'): fc.Arbitrary<FuzzCall> =>
  fc.tuple(geometries, fc.boolean()).map(([{ x, y, seed, attrs }, includePadding]) => ({
    kernel,
    in: { x: smallIntegers('float32', x, seed) },
    out: { y: { dtype: 'float32', shape: y } },
    attrs: { ...attrs, includePadding },
  }));

const maxPoolGrad: fc.Arbitrary<FuzzCall> = geometries.map(({ x, y, seed, attrs }) => ({
  kernel: 'maxPool2dGrad',
  in: { x: smallIntegers('float32', x, seed), dy: smallIntegers('float32', y, seed + 1) },
  out: { dx: { dtype: 'float32', shape: x } },
  attrs,
}));

const avgPoolGrad: fc.Arbitrary<FuzzCall> = fc.tuple(geometries, fc.boolean()).map(([{ x, y, seed, attrs }, includePadding]) => ({
  kernel: 'avgPool2dGrad',
  in: { dy: smallIntegers('float32', y, seed) },
  out: { dx: { dtype: 'float32', shape: x } },
  attrs: { ...attrs, includePadding, inputShape: x },
}));

it('maximum', fuzz(forward('maxPool2d'), exactly, RUNS), FUZZ_TIMEOUT);
it('gradient of the maximum', fuzz(maxPoolGrad, exactly, RUNS), FUZZ_TIMEOUT);
// Sums of at most 25 terms of at most 8, each of which is rounded twice.
it('mean', fuzz(forward('avgPool2d'), within(25 * 8 * 2 ** -22), RUNS), FUZZ_TIMEOUT);
it('gradient of the mean', fuzz(avgPoolGrad, within(25 * 8 * 2 ** -22), RUNS), FUZZ_TIMEOUT);
