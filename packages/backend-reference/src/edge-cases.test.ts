// The table "Edge cases, on every backend" of docs/kernels.md, row by row. Rows that a kernel's own test covers are left out.

import { describe, expect, it } from 'vitest';
import type { DType } from '@sinapse/core';
import { bool, compute, float, inBothPrecisions, int, run, uint8, type Values } from '../test/harness.ts';

const LEAST = -(2 ** 31);
const GREATEST = 2 ** 31 - 1;

inBothPrecisions((backend, precision) => {
  const binary = (op: string, a: Values, b: Values, dtype: DType = a.dtype): readonly number[] =>
    compute(backend, 'binary', { in: { a, b }, attrs: { op } }, dtype, a.shape);
  const unary = (op: string, x: Values, dtype: DType = x.dtype): readonly number[] =>
    compute(backend, 'unary', { in: { x }, attrs: { op } }, dtype, x.shape);
  const reduce = (op: string, x: Values): readonly number[] =>
    compute(backend, 'reduce', { in: { x }, attrs: { op, axes: [0], keepDims: false } }, x.dtype, x.shape.slice(1));
  const sort = (x: Values, descending: boolean): readonly number[][] => {
    const { values, indices } = run(backend, 'sort', { in: { x }, attrs: { descending }, out: { values: x, indices: int(x.shape, []) } });
    return [[...(values as Values).data], [...(indices as Values).data]];
  };

  it('float32 arithmetic: overflow and underflow are IEEE 754', () => {
    const beyond = precision === 'float32' ? Infinity : 2 ** 128;
    expect(binary('mul', float([2], [2 ** 127, -(2 ** 127)]), float([2], [2, 2]))).toEqual([beyond, -beyond]);
    expect(binary('sub', float([1], [Infinity]), float([1], [Infinity]))).toEqual([NaN]);
    expect(binary('div', float([3], [1, -1, 0]), float([3], [0, 0, 0]))).toEqual([Infinity, -Infinity, NaN]);
  });

  it('max, min, relu and reductions with NaN give NaN', () => {
    for (const op of ['max', 'min']) {
      expect(binary(op, float([2], [NaN, 1]), float([2], [1, NaN]))).toEqual([NaN, NaN]);
      expect(reduce(op, float([3], [1, NaN, 2]))).toEqual([NaN]);
      expect(reduce(op, float([3, 2], [1, 1, NaN, 2, 3, 3]))[0]).toBe(NaN);
    }
    const relu = { in: { x: float([1], [NaN]) }, attrs: { activation: 'relu' }, scalars: { alpha: 0 } };
    expect(compute(backend, 'biasActivation', relu, 'float32', [1])).toEqual([NaN]);
  });

  const geometry = { window: [2, 2], strides: [1, 2], padding: [0, 0, 0, 0] };

  it('max pooling with NaN gives NaN, and the gradient goes to the first NaN', () => {
    const x = float([1, 2, 4, 1], [1, NaN, 2, 2, NaN, 5, 2, 1]);
    expect(compute(backend, 'maxPool2d', { in: { x }, attrs: geometry }, 'float32', [1, 1, 2, 1])).toEqual([NaN, 2]);
    const dy = float([1, 1, 2, 1], [7, 8]);
    expect(compute(backend, 'maxPool2dGrad', { in: { x, dy }, attrs: geometry }, 'float32', x.shape, 'dx')).toEqual([
      0, 7, 8, 0, 0, 0, 0, 0,
    ]);
  });

  it('max pooling of -infinity alone: the gradient goes to the first element', () => {
    const x = float([1, 2, 2, 1], Array(4).fill(-Infinity));
    expect(compute(backend, 'maxPool2d', { in: { x }, attrs: geometry }, 'float32', [1, 1, 1, 1])).toEqual([-Infinity]);
    const call = { in: { x, dy: float([1, 1, 1, 1], [7]) }, attrs: geometry };
    expect(compute(backend, 'maxPool2dGrad', call, 'float32', x.shape, 'dx')).toEqual([7, 0, 0, 0]);
  });

  it('-0 is kept by neg, mul, select, cast and what only moves values', () => {
    const zero = float([1], [-0]);
    expect(unary('neg', float([1], [0]))).toEqual([-0]);
    expect(binary('mul', zero, float([1], [3]))).toEqual([-0]);
    expect(compute(backend, 'select', { in: { condition: bool([1], [1]), a: zero, b: float([1], [1]) } }, 'float32', [1])).toEqual([-0]);
    expect(compute(backend, 'cast', { in: { x: zero }, attrs: { dtype: 'float32' } }, 'float32', [1])).toEqual([-0]);
    expect(compute(backend, 'transpose', { in: { x: float([1, 1], [-0]) }, attrs: { permutation: [1, 0] } }, 'float32', [1, 1])).toEqual([
      -0,
    ]);
    expect(compute(backend, 'gather', { in: { x: zero, indices: int([1], [0]) }, attrs: { axis: 0 } }, 'float32', [1])).toEqual([-0]);
    expect(compute(backend, 'concat', { in: { xs: [zero, zero] }, attrs: { axis: 0 } }, 'float32', [2])).toEqual([-0, -0]);
  });

  it('comparisons with NaN are false, notEqual true', () => {
    for (const op of ['equal', 'less', 'lessEqual', 'greater', 'greaterEqual']) {
      expect(binary(op, float([3], [NaN, 1, NaN]), float([3], [1, NaN, NaN]), 'bool')).toEqual([0, 0, 0]);
    }
    expect(binary('notEqual', float([3], [NaN, 1, NaN]), float([3], [1, NaN, NaN]), 'bool')).toEqual([1, 1, 1]);
  });

  it('sign(NaN) is NaN, sign(-0) is -0', () => {
    expect(unary('sign', float([4], [NaN, -0, -3, 2]))).toEqual([NaN, -0, -1, 1]);
  });

  it('round takes a half to the even neighbour', () => {
    expect(unary('round', float([6], [0.5, 1.5, 2.5, -0.5, -1.5, 4194304.5]))).toEqual([0, 2, 2, -0, -2, 4194304]);
  });

  it('mod has the sign of the divisor; float mod(a, 0) is NaN', () => {
    expect(binary('mod', float([5], [5, -5, 5, -5, 5]), float([5], [3, 3, -3, -3, 0]))).toEqual([2, 1, -1, -2, NaN]);
    expect(binary('mod', int([5], [5, -5, 5, -5, 5]), int([5], [3, 3, -3, -3, 0]))).toEqual([2, 1, -1, -2, 0]);
  });

  it('int32 add, sub and mul are modulo 2^32', () => {
    expect(binary('add', int([1], [GREATEST]), int([1], [1]))).toEqual([LEAST]);
    expect(binary('sub', int([1], [LEAST]), int([1], [1]))).toEqual([GREATEST]);
    expect(binary('mul', int([1], [123456789]), int([1], [987654321]))).toEqual([Number(BigInt.asIntN(32, 123456789n * 987654321n))]);
  });

  it('int32 div goes towards zero; a division by 0 gives 0', () => {
    expect(binary('div', int([5], [7, -7, 7, 7, LEAST]), int([5], [2, 2, -2, 0, -1]))).toEqual([3, -3, -3, 0, LEAST]);
  });

  it('int32 pow is exact modulo 2^32; negative exponents give 0 except for bases 1 and -1', () => {
    expect(binary('pow', int([6], [3, 7, 2, 1, -1, -1]), int([6], [21, 0, -1, -5, -5, -4]))).toEqual([
      Number(BigInt.asIntN(32, 3n ** 21n)),
      1,
      0,
      1,
      -1,
      1, // prettier-ignore
    ]);
  });

  it('empty reductions', () => {
    const [floats, ints] = [float([0, 2], []), int([0, 2], [])];
    const pairs = (op: string): (readonly number[])[] => [reduce(op, floats), reduce(op, ints)];
    expect(pairs('sum')).toEqual([[0, 0], [0, 0]]); // prettier-ignore
    expect(pairs('prod')).toEqual([[1, 1], [1, 1]]); // prettier-ignore
    expect(pairs('max')).toEqual([[-Infinity, -Infinity], [LEAST, LEAST]]); // prettier-ignore
    expect(pairs('min')).toEqual([[Infinity, Infinity], [GREATEST, GREATEST]]); // prettier-ignore
    expect(reduce('max', uint8([2], [3, 200]))).toEqual([200]);
    expect(reduce('min', bool([2], [1, 1]))).toEqual([1]);
  });

  it('int32 sum and prod are modulo 2^32', () => {
    expect(reduce('sum', int([3], [GREATEST, GREATEST, 3]))).toEqual([1]);
    expect(reduce('prod', int([3], [123456, 65537, -99]))).toEqual([Number(BigInt.asIntN(32, 123456n * 65537n * -99n))]);
  });

  it('float sums are rounded once', () => {
    expect(reduce('sum', float([3], [2 ** 24, 1, 1]))).toEqual([2 ** 24 + 2]); // float32 would lose each 1
  });

  it('ties: the first in argReduce, stable in sort', () => {
    const argReduce = (op: string, x: Values): readonly number[] =>
      compute(backend, 'argReduce', { in: { x }, attrs: { op, axis: 0, keepDims: true } }, 'int32', [1]);
    expect(argReduce('argMax', float([4], [1, 3, 3, 1]))).toEqual([1]);
    expect(argReduce('argMin', float([4], [2, 1, 3, 1]))).toEqual([1]);
    expect(sort(float([5], [2, 1, 2, 1, 2]), false)[1]).toEqual([1, 3, 0, 2, 4]);
    expect(sort(float([5], [2, 1, 2, 1, 2]), true)[1]).toEqual([0, 2, 4, 1, 3]);
  });

  it('NaN: the first in argReduce, last in sort', () => {
    for (const op of ['argMax', 'argMin']) {
      const call = { in: { x: float([4], [1, NaN, 3, NaN]) }, attrs: { op, axis: 0, keepDims: false } };
      expect(compute(backend, 'argReduce', call, 'int32', [])).toEqual([1]);
    }
    expect(sort(float([4], [NaN, 2, NaN, 5]), false)).toEqual([[2, 5, NaN, NaN], [1, 3, 0, 2]]); // prettier-ignore
    expect(sort(float([4], [NaN, 2, NaN, 5]), true)).toEqual([[5, 2, NaN, NaN], [3, 1, 0, 2]]); // prettier-ignore
  });

  it('a label outside the classes gives NaN', () => {
    const out = { loss: float([3], []), dlogits: float([3, 2], []) };
    const { loss, dlogits } = run(backend, 'softmaxCrossEntropy', {
      in: { logits: float([3, 2], [0, 0, 0, 0, 0, 0]), labels: int([3], [-1, 1, 2]) },
      out,
    });
    expect((loss as Values).data.map(Number.isNaN)).toEqual([true, false, true]);
    expect((dlogits as Values).data).toEqual([NaN, NaN, 0.5, -0.5, NaN, NaN]);
  });

  it('log(0), log(-1), sqrt(-1)', () => {
    expect(unary('log', float([2], [0, -1]))).toEqual([-Infinity, NaN]);
    expect(unary('sqrt', float([1], [-1]))).toEqual([NaN]);
  });

  it('not and isNaN give bool', () => {
    expect(unary('not', bool([2], [0, 1]))).toEqual([1, 0]);
    expect(unary('isNaN', float([3], [NaN, 0, Infinity]), 'bool')).toEqual([1, 0, 0]);
  });
});

describe('empty tensors', () => {
  inBothPrecisions((backend) => {
    it.each([
      ['cumulativeSum', { axis: 0, exclusive: false, reverse: false }],
      ['transpose', { permutation: [1, 0] }],
    ] as const)('%s', (kernel, attrs) => {
      expect(compute(backend, kernel, { in: { x: float([0, 0], []) }, attrs }, 'float32', [0, 0])).toEqual([]);
    });
  });
});
