import { expect, it } from 'vitest';
import type { DType } from '@sinapse/core';
import { bool, compute, float, inBothPrecisions, int, uint8, type Values } from '../test/harness.ts';

inBothPrecisions((backend) => {
  const cast = (x: Values, dtype: DType): readonly number[] => compute(backend, 'cast', { in: { x }, attrs: { dtype } }, dtype, x.shape);
  const edges = float([8], [2.9, -2.9, 300, -300, 2 ** 31, -(2 ** 32), Infinity, NaN]);

  it.each<[string, Values, DType, number[]]>([
    ['float to int32: towards zero, clamped, NaN is 0', edges, 'int32', [2, -2, 300, -300, 2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1, 0]],
    ['float to uint8: towards zero, clamped, NaN is 0', edges, 'uint8', [2, 0, 255, 0, 255, 0, 255, 0]],
    ['float to bool: x != 0, NaN is true', float([4], [0, -0, 0.5, NaN]), 'bool', [0, 0, 1, 1]],
    ['float to float keeps -0', float([2], [-0, NaN]), 'float32', [-0, NaN]],
    ['int32 to uint8 is clamped', int([4], [-1, 0, 255, 256]), 'uint8', [0, 0, 255, 255]],
    ['int32 to float', int([2], [-7, 2 ** 24]), 'float32', [-7, 2 ** 24]],
    ['int32 to bool', int([3], [-7, 0, 1]), 'bool', [1, 0, 1]],
    ['uint8 to int32', uint8([2], [0, 255]), 'int32', [0, 255]],
    ['uint8 to float', uint8([2], [0, 255]), 'float32', [0, 255]],
    ['bool to int32', bool([2], [0, 1]), 'int32', [0, 1]],
    ['bool to float', bool([2], [0, 1]), 'float32', [0, 1]],
  ])('%s', (_, x, dtype, expected) => {
    expect(cast(x, dtype)).toEqual(expected);
  });

  it.each<[DType, number, number]>([
    ['float32', -0, -0],
    ['float32', 0.5, 0.5],
    ['int32', -7, -7],
    ['uint8', 200, 200],
    ['bool', 1, 1],
  ])('fills %s with %d', (dtype, value, expected) => {
    expect(compute(backend, 'fill', { attrs: { dtype, shape: [3] }, scalars: { value } }, dtype, [3])).toEqual([
      expected,
      expected,
      expected,
    ]);
  });
});
