// Kernels that move values, on every engine, on random shapes: every element arrives, bit by bit, where it belongs.

import fc from 'fast-check';
import { it } from 'vitest';
import type { Shape } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import type { FuzzCall } from './fuzz.ts';
import { anyBits, exactly, fuzz, FUZZ_TIMEOUT, movedDTypes, seeds, shapes, smallIntegers, dataOf } from './fuzz.ts';

const RUNS = { quick: 30, full: 2000 };

const transposes: fc.Arbitrary<FuzzCall> = fc.tuple(movedDTypes, shapes(0, 5), seeds).chain(([dtype, shape, seed]) =>
  fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((permutation): FuzzCall => ({
    kernel: 'transpose',
    in: { x: anyBits(dtype, shape, seed) },
    out: { y: { dtype, shape: permutation.map((axis) => shape[axis]) } },
    attrs: { permutation },
  })),
);

/** One number per axis. */
function perAxis<T>(shape: Shape, of: (length: number) => fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.tuple(...shape.map(of));
}

const slices: fc.Arbitrary<FuzzCall> = fc.tuple(movedDTypes, shapes(1, 5), seeds).chain(([dtype, shape, seed]) =>
  perAxis(shape, (length) =>
    fc.record({
      whole: fc.boolean(),
      begin: fc.nat(Math.max(0, length - 1)),
      step: fc.constantFrom(1, 1, 2, 3, -1, -2),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  ).map((axes): FuzzCall => {
    const begin = axes.map((axis) => (axis.whole ? 0 : axis.begin));
    const step = axes.map((axis) => (axis.whole ? 1 : axis.step));
    const size = axes.map(({ whole, part }, i) => {
      if (whole || shape[i] === 0) return shape[i];
      const most = 1 + Math.floor((step[i] > 0 ? shape[i] - 1 - begin[i] : begin[i]) / Math.abs(step[i]));
      return Math.ceil(part * most);
    });
    return { kernel: 'slice', in: { x: anyBits(dtype, shape, seed) }, out: { y: { dtype, shape: size } }, attrs: { begin, size, step } };
  }),
);

const pads: fc.Arbitrary<FuzzCall> = fc.tuple(movedDTypes, shapes(0, 4, 50_000), seeds).chain(([dtype, shape, seed]) =>
  perAxis(shape, () => fc.record({ plain: fc.boolean(), before: fc.nat(3), after: fc.nat(3), interior: fc.constantFrom(0, 0, 1, 2) })).map(
    (axes): FuzzCall => {
      const [before, after, interior] = (['before', 'after', 'interior'] as const).map((name) =>
        axes.map((axis) => (axis.plain ? 0 : axis[name])),
      );
      const padded = shape.map((length, i) => before[i] + length + Math.max(0, length - 1) * interior[i] + after[i]);
      return {
        kernel: 'pad',
        in: { x: anyBits(dtype, shape, seed) },
        out: { y: { dtype, shape: padded } },
        attrs: { before, after, interior },
        scalars: { value: dtype === 'float32' ? -0.5 : 1 },
      };
    },
  ),
);

const concats: fc.Arbitrary<FuzzCall> = fc
  .tuple(movedDTypes, shapes(1, 4, 60_000), seeds, fc.nat(3), fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 5 }))
  .map(([dtype, shape, seed, at, lengths]) => {
    const axis = at % shape.length;
    const withLength = (length: number): number[] => shape.map((own, i) => (i === axis ? length : Math.min(own, 3000)));
    return {
      kernel: 'concat',
      in: { xs: lengths.map((length, i) => anyBits(dtype, withLength(length), seed + i)) },
      out: { y: { dtype, shape: withLength(lengths.reduce((a, b) => a + b, 0)) } },
      attrs: { axis },
    };
  });

const gathers: fc.Arbitrary<FuzzCall> = fc
  .tuple(movedDTypes, shapes(1, 4, 5000), seeds, fc.nat(3), shapes(0, 2, 60))
  .map(([dtype, shape, seed, at, indexShape]) => {
    const axis = at % shape.length;
    return {
      kernel: 'gather',
      // Indices go from -1 to the length: the first and the last lie outside.
      in: { x: anyBits(dtype, shape, seed), indices: dataOf('int32', indexShape, seed + 1, (word) => (word % (shape[axis] + 2)) - 1) },
      out: { y: { dtype, shape: [...shape.slice(0, axis), ...indexShape, ...shape.slice(axis + 1)] } },
      attrs: { axis },
    };
  });

/** Few rows for many updates, so that indices repeat, or many rows for few updates. Sums of small integers are exact. */
const scatters: fc.Arbitrary<FuzzCall> = fc
  .tuple(
    fc.constantFrom('float32' as const, 'int32' as const),
    shapes(0, 2, 20),
    shapes(1, 1, 3000),
    shapes(0, 2, 60),
    seeds,
    fc.constantFrom(1, 5, 300, 40_000),
  )
  .map(([dtype, outer, [count], inner, seed, most]) => {
    const size = Math.min(most, Math.ceil(1e6 / Math.max(1, sizeOf(outer) * sizeOf(inner))));
    return {
      kernel: 'scatterAdd',
      in: {
        indices: dataOf('int32', [count], seed, (word) => (word % (size + 2)) - 1),
        updates: smallIntegers(dtype, [...outer, count, ...inner], seed + 1),
      },
      out: { y: { dtype, shape: [...outer, size, ...inner] } },
      attrs: { axis: outer.length, size },
    };
  });

it.each(Object.entries({ transposes, slices, pads, concats, gathers, scatters }))(
  '%s',
  (_, calls) => fuzz(calls, exactly, RUNS)(),
  FUZZ_TIMEOUT,
);
