import { expect, it } from 'vitest';
import { bool, compute, float, inBothPrecisions, int, uint8 } from '../test/harness.ts';

inBothPrecisions((backend) => {
  const x = float([2, 3, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

  it('gathers rows along an axis, in the shape of the indices', () => {
    const indices = int([2, 2], [2, 0, 1, 2]);
    expect(compute(backend, 'gather', { in: { x, indices }, attrs: { axis: 1 } }, 'float32', [2, 2, 2, 2])).toEqual([
      4, 5, 0, 1, 2, 3, 4, 5, 10, 11, 6, 7, 8, 9, 10, 11,
    ]);
    expect(compute(backend, 'gather', { in: { x, indices: int([], [1]) }, attrs: { axis: 0 } }, 'float32', [3, 2])).toEqual([
      6, 7, 8, 9, 10, 11,
    ]);
  });

  it('gives NaN, 0 or false for an index outside', () => {
    const indices = int([3], [-1, 1, 2]);
    const at = { attrs: { axis: 0 } };
    expect(compute(backend, 'gather', { in: { x: float([2], [5, 6]), indices }, ...at }, 'float32', [3])).toEqual([NaN, 6, NaN]);
    expect(compute(backend, 'gather', { in: { x: int([2], [5, 6]), indices }, ...at }, 'int32', [3])).toEqual([0, 6, 0]);
    expect(compute(backend, 'gather', { in: { x: uint8([2], [5, 6]), indices }, ...at }, 'uint8', [3])).toEqual([0, 6, 0]);
    expect(compute(backend, 'gather', { in: { x: bool([2], [1, 1]), indices }, ...at }, 'bool', [3])).toEqual([0, 1, 0]);
  });

  it('scatters: repeated indices add up, those outside are dropped', () => {
    const indices = int([4], [1, -1, 1, 3]);
    const updates = float([2, 4], [1, 2, 4, 8, 16, 32, 64, 128]);
    expect(compute(backend, 'scatterAdd', { in: { indices, updates }, attrs: { axis: 1, size: 3 } }, 'float32', [2, 3])).toEqual([
      0, 5, 0, 0, 80, 0,
    ]);
  });

  it('scatters rows of int32 modulo 2^32', () => {
    const call = { in: { indices: int([3], [0, 2, 0]), updates: int([3, 2], [2 ** 31 - 1, 1, 5, 6, 1, 1]) }, attrs: { axis: 0, size: 3 } };
    expect(compute(backend, 'scatterAdd', call, 'int32', [3, 2])).toEqual([-(2 ** 31), 2, 0, 0, 5, 6]);
  });

  it('rounds a sum once', () => {
    const updates = float([3], [2 ** 24, 1, 1]); // float32 would lose each 1
    expect(
      compute(backend, 'scatterAdd', { in: { indices: int([3], [0, 0, 0]), updates }, attrs: { axis: 0, size: 1 } }, 'float32', [1]),
    ).toEqual([2 ** 24 + 2]);
  });
});
