import { RandomKey, randomKey, sizeOf } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { constant, normal, ones, truncatedNormal, uniform, zeros } from './distributions.ts';
import type { Initializer } from './initializer.ts';
import { fansOf } from './initializer.ts';
import { glorotNormal, glorotUniform, heNormal, heUniform, lecunNormal, lecunUniform } from './variance-scaling.ts';

const key = randomKey(42);

/** Mean and variance about the mean, in float64. */
function moments(values: Float32Array): { mean: number; variance: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length };
}

describe('fans', () => {
  test('of dense kernels, of convolutions with their receptive field, of groups', () => {
    expect(fansOf([30, 20])).toEqual({ fanIn: 30, fanOut: 20 });
    expect(fansOf([5, 5, 6, 16])).toEqual({ fanIn: 150, fanOut: 400 });
    expect(fansOf([3, 3, 4, 16], 2)).toEqual({ fanIn: 36, fanOut: 72 });
    expect(fansOf([3, 3, 1, 8], 8)).toEqual({ fanIn: 9, fanOut: 9 }); // depthwise: each input reaches one filter
    expect(fansOf([7])).toEqual({ fanIn: 7, fanOut: 7 });
    expect(fansOf([])).toEqual({ fanIn: 1, fanOut: 1 });
  });
});

// 36,864 values are drawn. The variance of a sample of n has a relative standard error of at most sqrt(2 / n) = 0.0074; the tests allow 4
// of these.
const shape = [3, 3, 32, 128];
const count = sizeOf(shape);
const tolerance = 4 * Math.sqrt(2 / count);

describe('the variance-scaling initialisers', () => {
  const fanIn = 9 * 32;
  const fanOut = 9 * 128;
  test.each<[string, Initializer, number]>([
    ['glorotUniform', glorotUniform, 2 / (fanIn + fanOut)],
    ['glorotNormal', glorotNormal, 2 / (fanIn + fanOut)],
    ['heUniform', heUniform, 2 / fanIn],
    ['heNormal', heNormal, 2 / fanIn],
    ['lecunUniform', lecunUniform, 1 / fanIn],
    ['lecunNormal', lecunNormal, 1 / fanIn],
  ])('%s has mean 0 and the variance of its formula', (name, initializer, expected) => {
    const values = initializer(shape, key);
    expect(values).toHaveLength(count);
    const { mean, variance } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(expected / count));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(tolerance);
    const limit = name.endsWith('Uniform') ? Math.sqrt(3 * expected) : Infinity;
    expect(values.every((value) => value >= -limit && value < limit)).toBe(true);
  });

  test('groups count in the fan-out', () => {
    const { variance } = moments(glorotUniform([3, 3, 8, 512], key, 4));
    expect(Math.abs(variance / (2 / (72 + (9 * 512) / 4)) - 1)).toBeLessThan(tolerance);
  });
});

describe('the plain distributions', () => {
  test('normal and truncatedNormal', () => {
    const plain = moments(normal({ mean: 2, deviation: 0.5 })(shape, key));
    expect(plain.mean).toBeCloseTo(2, 1);
    expect(Math.abs(plain.variance / 0.25 - 1)).toBeLessThan(tolerance);
    const cut = truncatedNormal({ mean: 2, deviation: 0.5 })(shape, key);
    expect(cut.every((value) => value >= 1 && value <= 3)).toBe(true);
    // Variance of the standard normal distribution cut at ±2: 1 - 4 φ(2) / (2 Φ(2) - 1) = 0.7737.
    expect(Math.abs(moments(cut).variance / (0.25 * 0.7737413) - 1)).toBeLessThan(tolerance);
  });

  test('uniform', () => {
    const values = uniform({ low: -1, high: 3 })(shape, key);
    expect(values.every((value) => value >= -1 && value < 3)).toBe(true);
    expect(Math.abs(moments(values).variance / (16 / 12) - 1)).toBeLessThan(tolerance);
  });

  test('constants', () => {
    expect([...zeros([2, 2], key)]).toEqual([0, 0, 0, 0]);
    expect([...ones([2], key)]).toEqual([1, 1]);
    expect([...constant(0.5)([3], key)]).toEqual([0.5, 0.5, 0.5]);
  });

  test('refuse what cannot be', () => {
    expect(() => normal({ deviation: -1 })).toThrow('normal: deviation: expected a finite number >= 0, got -1');
    expect(() => uniform({ low: 1, high: 0 })).toThrow('uniform: low 1 must be at most high 0');
    expect(() => constant(Number.NaN)).toThrow('constant: value: expected a finite number, got NaN');
  });

  test('a key gives the same values each time', () => {
    for (const initializer of [normal(), truncatedNormal(), uniform(), glorotUniform, heNormal]) {
      expect(initializer([8], key)).toEqual(initializer([8], new RandomKey(key.low, key.high)));
      expect(initializer([8], key)).not.toEqual(initializer([8], key.fold('other')));
    }
  });
});
