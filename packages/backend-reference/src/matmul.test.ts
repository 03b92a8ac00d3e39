import { expect, it } from 'vitest';
import { arbitrary, compute, EXACT, expectClose, float, inBothPrecisions, testRecorded } from '../test/harness.ts';

testRecorded('matmul');

inBothPrecisions((backend) => {
  // Elements are multiples of 1/8 and products of 1/64, so that every sum is exact in any order.
  it.each([
    [65, 241, 129],
    [130, 3, 4],
    [1, 500, 1],
    [3, 1, 260],
  ])('multiplies matrices that take several blocks: %i x %i x %i', (m, k, n) => {
    const [a, b] = [arbitrary([1, m, k], 1), arbitrary([1, k, n], 2)];
    const expected = Array.from({ length: m * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      let sum = 0;
      for (let t = 0; t < k; t++) sum += a.data[i * k + t] * b.data[t * n + j];
      return sum;
    });
    const flip = (x: typeof a, rows: number, columns: number): typeof a =>
      float(
        [1, columns, rows],
        Array.from(x.data, (_, at) => x.data[(at % rows) * columns + Math.floor(at / rows)]),
      );
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const inputs = { a: transposeA ? flip(a, m, k) : a, b: transposeB ? flip(b, k, n) : b };
        const y = compute(backend, 'matmul', { in: inputs, attrs: { transposeA, transposeB } }, 'float32', [1, m, n]);
        expectClose(y, expected, EXACT);
      }
    }
  });

  it('gives zeros for an empty sum and nothing for an empty result', () => {
    const attrs = { transposeA: false, transposeB: false };
    expect(compute(backend, 'matmul', { in: { a: float([1, 2, 0], []), b: float([1, 0, 2], []) }, attrs }, 'float32', [1, 2, 2])).toEqual([
      0, 0, 0, 0,
    ]);
    expect(compute(backend, 'matmul', { in: { a: float([1, 0, 2], []), b: arbitrary([1, 2, 3]) }, attrs }, 'float32', [1, 0, 3])).toEqual(
      [],
    );
    expect(compute(backend, 'matmul', { in: { a: float([0, 1, 2], []), b: arbitrary([1, 2, 3]) }, attrs }, 'float32', [0, 1, 3])).toEqual(
      [],
    );
  });

  it('rounds a sum once', () => {
    const a = float([1, 1, 3], [2 ** 24, 1, 1]); // float32 would lose each 1
    const call = { in: { a, b: float([1, 3, 1], [1, 1, 1]) }, attrs: { transposeA: false, transposeB: false } };
    expect(compute(backend, 'matmul', call, 'float32', [1, 1, 1])).toEqual([2 ** 24 + 2]);
  });
});
