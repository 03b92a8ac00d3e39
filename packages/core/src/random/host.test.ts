import { describe, expect, test } from 'vitest';
import {
  RandomStream,
  float32Below,
  hostBits24,
  hostNormal,
  hostPermutation,
  hostTruncatedNormal,
  hostUniform,
  inverseNormal,
} from './host.ts';
import { RandomKey, randomKey } from './key.ts';
import { philox4x32 } from './philox.ts';

const moments = (values: ArrayLike<number>): { mean: number; variance: number } => {
  const list = Array.from(values);
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  return { mean, variance: list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length };
};

describe('keys', () => {
  test('a seed, its sub-streams and their sub-streams all differ', () => {
    const root = randomKey(1);
    const keys = [
      root,
      root.fold('a'),
      root.fold('b'),
      root.fold(0),
      root.fold(1),
      root.fold('a').fold('b'),
      root.fold('b').fold('a'),
      randomKey(2),
    ];
    expect(new Set(keys.map((key) => `${key.low} ${key.high}`)).size).toBe(keys.length);
  });

  test('the whole 53 bits of a seed count', () => {
    expect(randomKey(2 ** 32).high).toBe(1);
    expect(randomKey(2 ** 53 - 1)).toEqual(new RandomKey(0xffffffff, 0x1fffff));
  });

  test.each([-1, 1.5, NaN, Infinity, 2 ** 53])('seed %d is refused', (seed) => {
    expect(() => randomKey(seed)).toThrow('seed: expected an integer from 0 to 2^53 - 1');
  });
});

describe('bits and uniform', () => {
  test('element i is word i mod 4 of block i / 4', () => {
    const bits = hostBits24(randomKey(5), 7);
    const block = new Uint32Array(8);
    philox4x32([0, 0, 0, 0], [5, 0], block);
    philox4x32([1, 0, 0, 0], [5, 0], block, 4);
    expect([...bits]).toEqual([...block].slice(0, 7).map((word) => word >>> 8));
  });

  test('a longer array begins with the shorter one', () => {
    expect([...hostUniform(randomKey(3), 10)]).toEqual([...hostUniform(randomKey(3), 100)].slice(0, 10));
  });

  test('mean and variance are those of the uniform distribution', () => {
    const { mean, variance } = moments(hostUniform(randomKey(1), 100_000, -1, 3));
    expect(mean).toBeCloseTo(1, 1.5); // standard error 4 / sqrt(12 n) = 0.004
    expect(variance).toBeCloseTo(16 / 12, 1.5);
  });
});

describe('normal', () => {
  // Quantiles to 15 digits (R qnorm).
  test.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.3, -0.5244005127080407],
    [0.001, -3.090232306167813],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0471],
  ])('inverseNormal(%d) = %d', (p, z) => {
    expect(Math.abs(inverseNormal(p) - z)).toBeLessThanOrEqual(Math.max(4e-15 * Math.abs(z), p === 1e-300 ? 1e-5 : 0));
  });

  test('moments of the normal distribution', () => {
    const values = hostNormal(randomKey(1), 100_000, 2, 3);
    const { mean, variance } = moments(values);
    expect(Math.abs(mean - 2)).toBeLessThan(0.05); // five standard errors
    expect(Math.abs(variance - 9)).toBeLessThan(0.25);
  });

  test('uniform values stay below high, also where the last of them round to it', () => {
    // Between 1000 and 1001 float32 values are 2^-14 apart: unclamped, one in 32,768 draws would round to 1001.
    const values = hostUniform(randomKey(1), 200_000, 1000, 1001);
    expect(values.reduce((a, b) => Math.max(a, b))).toBe(1001 - 2 ** -14);
    expect(values.reduce((a, b) => Math.min(a, b))).toBe(1000);
    expect([...hostUniform(randomKey(1), 3, 2, 2)]).toEqual([2, 2, 2]);
  });

  test.each([
    [1, 1 - 2 ** -24],
    [1.5, 1.5 - 2 ** -23],
    [-1, -1 - 2 ** -23],
    [0, -(2 ** -149)],
    [-0, -(2 ** -149)],
    [2 ** -149, 0],
    [0.1, Math.fround(0.1) - 2 ** -27],
  ])('the float32 below %d', (value, below) => expect(float32Below(value)).toBe(below));

  test('the truncated one stays within two deviations and has its known variance', () => {
    const values = hostTruncatedNormal(randomKey(1), 100_000, 0, 1);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(2);
    // 1 - 2 * 2 φ(2) / (2 Φ(2) - 1) = 0.773741
    expect(Math.abs(moments(values).variance - 0.773741)).toBeLessThan(0.02);
  });
});

describe('permutations and streams', () => {
  test('every number occurs once', () => {
    expect([...hostPermutation(randomKey(9), 1000)].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  test('all orders of three are equally likely', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = hostPermutation(randomKey(1).fold(i), 3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150); // five standard deviations
  });

  test('a stream gives the same numbers again, and never its end points', () => {
    const draw = (): number[] => {
      const stream = new RandomStream(randomKey(4));
      return [stream.uniform(), stream.openUniform(), stream.normal(), stream.below(10), stream.bits()];
    };
    expect(draw()).toEqual(draw());
    const stream = new RandomStream(randomKey(4));
    for (let i = 0; i < 1000; i++) expect(stream.below(3)).toBeLessThan(3);
  });
});
