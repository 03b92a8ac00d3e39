import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DType, Shape } from '@sinapse/core';
import { sizeOf, stridesOf } from '@sinapse/core';
import { bool, compute, float, inBothPrecisions, int, uint8, type Values } from '../test/harness.ts';

/** 0, 1, 2, ...: the value of an element is its index. */
function counting(dtype: DType, shape: Shape): Values {
  const size = dtype === 'bool' ? 2 : dtype === 'uint8' ? 256 : Infinity;
  return { dtype, shape, data: Array.from({ length: sizeOf(shape) }, (_, i) => (size === Infinity ? i : i % size)) };
}

/** Every index of a shape, in order. */
function indices(shape: Shape): number[][] {
  return Array.from({ length: sizeOf(shape) }, (_, i) => stridesOf(shape).map((stride, axis) => Math.floor(i / stride) % shape[axis]));
}

function at(x: Values, index: readonly number[]): number {
  return x.data[index.reduce((sum, position, axis) => sum + position * stridesOf(x.shape)[axis], 0)];
}

const permuted = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const axes = shape.map((_, axis) => axis);
  return fc.record({ shape: fc.constant(shape), permutation: fc.shuffledSubarray(axes, { minLength: axes.length }) });
});
const dtypes = fc.constantFrom<DType>('float32', 'int32', 'uint8', 'bool');

inBothPrecisions((backend) => {
  it('transpose: axis i of y is axis permutation[i] of x', () => {
    fc.assert(
      fc.property(permuted, dtypes, ({ shape, permutation }, dtype) => {
        const x = counting(dtype, shape);
        const target = permutation.map((axis) => shape[axis]);
        const expected = indices(target).map((index) =>
          at(
            x,
            shape.map((_, axis) => index[permutation.indexOf(axis)]),
          ),
        );
        expect(compute(backend, 'transpose', { in: { x }, attrs: { permutation } }, dtype, target)).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  it('slice: y[i] = x[begin + i * step], also backwards', () => {
    const axis = fc.integer({ min: 1, max: 6 }).chain((length) =>
      fc.record({
        length: fc.constant(length),
        begin: fc.nat(length - 1),
        step: fc.constantFrom(-2, -1, 1, 2, 3),
      }),
    );
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 4 }), (axes) => {
        const x = counting(
          'float32',
          axes.map(({ length }) => length),
        );
        const size = axes.map(({ length, begin, step }) => 1 + Math.floor((step > 0 ? length - 1 - begin : begin) / Math.abs(step)));
        const attrs = { begin: axes.map(({ begin }) => begin), size, step: axes.map(({ step }) => step) };
        const expected = indices(size).map((index) =>
          at(
            x,
            axes.map(({ begin, step }, i) => begin + index[i] * step),
          ),
        );
        expect(compute(backend, 'slice', { in: { x }, attrs }, 'float32', size)).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  it('pad: before, after and between neighbours', () => {
    const axis = fc.record({
      length: fc.integer({ min: 0, max: 3 }),
      before: fc.nat(2),
      after: fc.nat(2),
      interior: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), (axes) => {
        const x = counting(
          'float32',
          axes.map(({ length }) => length),
        );
        const target = axes.map(({ length, before, after, interior }) => before + after + length + Math.max(0, length - 1) * interior);
        const expected = indices(target).map((index) => {
          const from = axes.map(({ before, interior }, i) => (index[i] - before) / (interior + 1));
          return from.every((position, i) => Number.isInteger(position) && position >= 0 && position < axes[i].length) ? at(x, from) : -9;
        });
        const attrs = {
          before: axes.map(({ before }) => before),
          after: axes.map(({ after }) => after),
          interior: axes.map(({ interior }) => interior),
        };
        expect(compute(backend, 'pad', { in: { x }, attrs, scalars: { value: -9 } }, 'float32', target)).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  it('broadcastTo stretches axes of length 1 and adds leading ones', () => {
    expect(compute(backend, 'broadcastTo', { in: { x: int([2, 1], [3, 4]) } }, 'int32', [2, 2, 3])).toEqual([
      3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4,
    ]);
    expect(compute(backend, 'broadcastTo', { in: { x: uint8([], [9]) } }, 'uint8', [3])).toEqual([9, 9, 9]);
    expect(compute(backend, 'broadcastTo', { in: { x: bool([2], [0, 1]) } }, 'bool', [2])).toEqual([0, 1]);
    expect(compute(backend, 'broadcastTo', { in: { x: float([1, 3], [1, 2, 3]) } }, 'float32', [0, 3])).toEqual([]);
  });

  it('concat along any axis, empty parts included', () => {
    const xs = [float([2, 1], [1, 2]), float([2, 0], []), float([2, 2], [3, 4, 5, 6])];
    expect(compute(backend, 'concat', { in: { xs }, attrs: { axis: 1 } }, 'float32', [2, 3])).toEqual([1, 3, 4, 2, 5, 6]);
    const rows = [int([1, 2], [1, 2]), int([2, 2], [3, 4, 5, 6])];
    expect(compute(backend, 'concat', { in: { xs: rows }, attrs: { axis: 0 } }, 'int32', [3, 2])).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('moves long runs', () => {
    const x = counting('int32', [3, 100]);
    expect(compute(backend, 'slice', { in: { x }, attrs: { begin: [1, 10], size: [2, 80], step: [1, 1] } }, 'int32', [2, 80])).toEqual([
      ...x.data.slice(110, 190),
      ...x.data.slice(210, 290),
    ]);
  });
});
