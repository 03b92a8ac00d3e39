import { RandomKey, randomKey, sizeOf } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { constant, normal, ones, truncatedNormal, uniform, zeros } from './distributions.ts';
import type { Initializer } from './initializer.ts';
import { fansOf } from './initializer.ts';
import { identity, orthogonal } from './orthogonal.ts';
import { glorotNormal, glorotUniform, heNormal, heUniform, lecunNormal, lecunUniform, varianceScaling } from './variance-scaling.ts';

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
    ['varianceScaling', varianceScaling(), 1 / fanIn],
    ['varianceScaling, fanOut', varianceScaling({ scale: 3, mode: 'fanOut', distribution: 'normal' }), 3 / fanOut],
    ['varianceScaling, fanAvg, Uniform', varianceScaling({ mode: 'fanAvg', distribution: 'uniform' }), 2 / (fanIn + fanOut)],
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

describe('varianceScaling', () => {
  test('contains the others, to the bit', () => {
    const family = varianceScaling({ scale: 2, distribution: 'normal' });
    expect(family([4, 8], key)).toEqual(heNormal([4, 8], key));
    const glorot = varianceScaling({ mode: 'fanAvg', distribution: 'uniform' });
    expect(glorot([4, 8], key)).toEqual(glorotUniform([4, 8], key));
  });

  test('is cut at two deviations of the normal distribution before the cut', () => {
    const limit = (2 * Math.sqrt(1 / 4)) / 0.8796256610342398;
    const values = varianceScaling()([4, 4000], key);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.99 * limit);
  });

  test('refuses what it does not know', () => {
    expect(() => varianceScaling({ mode: 'fanin' as 'fanIn' })).toThrow(
      'varianceScaling: mode: expected one of fanIn, fanOut, fanAvg, got "fanin"; did you mean fanIn?',
    );
    expect(() => varianceScaling({ scale: 0 })).toThrow('varianceScaling: scale: expected a finite number > 0, got 0');
  });
});

describe('isometries', () => {
  // Orthonormal in float64 and rounded to float32: an inner product of n products is off by at most about 2^-24 Σ|a b| <= 2^-24.
  test.each([[[6, 6]], [[3, 3, 2, 5]], [[4, 9]]])('orthogonal %j', (shape) => {
    const gain = 1.5;
    const columns = shape.at(-1)!;
    const rows = sizeOf(shape) / columns;
    const values = orthogonal({ gain })(shape, key);
    const at = (i: number, j: number): number => (rows < columns ? values[i * columns + j]! : values[j * columns + i]!);
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let inner = 0;
        for (let j = 0; j < length; j++) inner += at(a, j) * at(b, j);
        expect(Math.abs(inner - (a === b ? gain ** 2 : 0))).toBeLessThan(4 * 2 ** -24 * gain ** 2);
      }
    }
  });

  test('orthogonal favours no direction: the mean of its first value over many keys is 0', () => {
    let sum = 0;
    for (let i = 0; i < 2000; i++) sum += orthogonal()([2, 2], key.fold(i))[0]!;
    expect(Math.abs(sum / 2000)).toBeLessThan(4 * Math.sqrt(0.5 / 2000)); // cos of a uniform angle has the variance 1/2
  });

  test('identity', () => {
    expect([...identity()([2, 3], key)]).toEqual([1, 0, 0, 0, 1, 0]);
    expect([...identity({ gain: 0.5 })([2, 2], key)]).toEqual([0.5, 0, 0, 0.5]);
  });

  test('take matrices', () => {
    expect(() => orthogonal()([3], key)).toThrow('orthogonal: takes kernels of two axes or more, got [3]');
    expect(() => identity()([1, 2, 3], key)).toThrow('identity: takes matrices, got [1,2,3]');
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
    for (const initializer of [
      normal(),
      truncatedNormal(),
      uniform(),
      glorotUniform,
      heNormal,
      varianceScaling(),
      (_: unknown, k: RandomKey) => orthogonal()([4, 2], k),
    ]) {
      expect(initializer([8], key)).toEqual(initializer([8], new RandomKey(key.low, key.high)));
      expect(initializer([8], key)).not.toEqual(initializer([8], key.fold('other')));
    }
  });
});
