// Intervals hold the true value as often as they say, and published values.

import { RandomStream, SinapseError, randomKey } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { bootstrapInterval, conformalRadius, predictionInterval, shareInterval } from './index.ts';

/** The share of seeds for which an interval holds, of `SEEDS`. */
const SEEDS = 400;
const coverage = (holds: (stream: RandomStream) => boolean, seeds = SEEDS) =>
  Array.from({ length: seeds }, (_, seed) => Number(holds(new RandomStream(randomKey(seed).fold('coverage'))))).reduce((a, b) => a + b) / seeds; // prettier-ignore
/** Four standard deviations of a share of trials. */
const noise = (level: number, seeds = SEEDS) => 4 * Math.sqrt((level * (1 - level)) / seeds);
const normals = (stream: RandomStream, count: number) => Array.from({ length: count }, () => stream.normal());
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('predictionInterval', () => {
  test('is the prediction plus and minus 1.96 deviations', () => {
    const [first, second] = predictionInterval([10, 20], 4);
    expect(first!.low).toBeCloseTo(10 - 1.959963984540054 * 2, 12); // the 0.975 quantile of the normal distribution
    expect(second!.high).toBeCloseTo(20 + 1.959963984540054 * 2, 12);
    expect(predictionInterval([3], 0)).toEqual([{ low: 3, high: 3 }]);
  });

  test.each([0.5, 0.9, 0.95])('holds the truth at the rate %d', (level) => {
    const rate = coverage((stream) => {
      const validation = normals(stream, 100).map((error) => 2 * error);
      const truth = 2 * stream.normal();
      const [{ low, high }] = predictionInterval([0], meanOf(validation.map((error) => error * error)), { level }) as [
        { low: number; high: number },
      ];
      return low <= truth && truth <= high;
    });
    expect(Math.abs(rate - level)).toBeLessThan(noise(level));
  });
});

describe('conformalRadius', () => {
  test('holds the truth at least at the rate, for errors of any distribution', () => {
    for (const level of [0.8, 0.95]) {
      const heavy = (stream: RandomStream) => stream.normal() ** 3;
      const rate = coverage((stream) => {
        const radius = conformalRadius(Array.from({ length: 39 }, () => heavy(stream)), { level }); // prettier-ignore
        return Math.abs(heavy(stream)) <= radius;
      });
      expect(Math.abs(rate - Math.ceil(40 * level) / 40)).toBeLessThan(noise(level)); // exact: ⌈(n + 1) level⌉ of n + 1 ranks
    }
  });

  test('is the order statistic; infinite for too few errors', () => {
    expect(conformalRadius([-3, 1, 2, -5], { level: 0.8 })).toBe(5);
    expect(conformalRadius([-3, 1, 2, -5], { level: 0.6 })).toBe(3);
    expect(conformalRadius([1, 2], { level: 0.95 })).toBe(Infinity);
  });
});

describe('shareInterval', () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d', (successes, count, low, high) => {
    const interval = shareInterval(successes, count);
    expect([interval.low.toFixed(4), interval.high.toFixed(4)]).toEqual([low.toFixed(4), high.toFixed(4)]);
  });

  test('its ends are the shares that the sample is just z deviations away from', () => {
    const { low, high } = shareInterval(7, 40, { level: 0.9 });
    for (const p of [low, high]) expect(Math.abs(7 / 40 - p)).toBeCloseTo(1.6448536269514722 * Math.sqrt((p * (1 - p)) / 40), 12);
    const all = shareInterval(40, 40);
    expect([all.high, shareInterval(0, 40).low]).toEqual([1, 0]);
    expect(all.low).toBeCloseTo(1 - shareInterval(0, 40).high, 12);
  });

  test('holds the true accuracy at about the rate', () => {
    const rate = coverage((stream) => {
      const right = Array.from({ length: 200 }, () => stream.uniform() < 0.85).filter(Boolean).length;
      const { low, high } = shareInterval(right, 200);
      return low <= 0.85 && 0.85 <= high;
    });
    // Exactly, from the binomial distribution of 200: the rate is not 0.95, as shares are multiples of 1/200.
    const logs = [0];
    for (let i = 1; i <= 200; i++) logs[i] = logs[i - 1]! + Math.log(i);
    let exact = 0;
    for (let k = 0; k <= 200; k++) {
      const { low, high } = shareInterval(k, 200);
      if (low <= 0.85 && 0.85 <= high) exact += Math.exp(logs[200]! - logs[k]! - logs[200 - k]! + k * Math.log(0.85) + (200 - k) * Math.log(0.15));
    }
    expect(Math.abs(rate - exact)).toBeLessThan(noise(exact));
    expect(Math.abs(exact - 0.95)).toBeLessThan(0.01);
  }); // prettier-ignore
});

describe('bootstrapInterval', () => {
  test('of a mean is that of the normal approximation, for a large sample', () => {
    const sample = normals(new RandomStream(randomKey(1)), 400);
    const mean = meanOf(sample);
    const error = Math.sqrt(meanOf(sample.map((value) => (value - mean) ** 2)) / 400);
    const { low, high } = bootstrapInterval(sample, { level: 0.9 });
    // A quantile of 2,000 values at 0.05 has a deviation of 0.047 errors; 4 of them are allowed.
    expect(Math.abs((low - mean) / error + 1.645)).toBeLessThan(0.19);
    expect(Math.abs((high - mean) / error - 1.645)).toBeLessThan(0.19);
  });

  test('holds the true accuracy at about the rate', () => {
    const seeds = 100;
    const rate = coverage((stream) => {
      const right = Array.from({ length: 100 }, () => Number(stream.uniform() < 0.8));
      const { low, high } = bootstrapInterval(right, { resamples: 200, level: 0.9 });
      return low <= 0.8 && 0.8 <= high;
    }, seeds);
    expect(Math.abs(rate - 0.9)).toBeLessThan(noise(0.9, seeds)); // that also covers the 0.02 by which the method falls short at 100
  });

  test('any statistic, the same for the same seed', () => {
    const median = (sample: Float64Array) => sample.slice().sort()[Math.floor(sample.length / 2)]!;
    const sample = [1, 2, 3, 4, 5, 6, 7, 8, 1000];
    expect(bootstrapInterval(sample, { statistic: median, seed: 2 })).toEqual(bootstrapInterval(sample, { statistic: median, seed: 2 }));
    expect(bootstrapInterval(sample, { statistic: median }).low).toBeLessThan(6);
    expect(bootstrapInterval([5, 5, 5])).toEqual({ low: 5, high: 5 });
  });
});

test.each<[string, () => unknown, string]>([
  ['a level in percent', () => shareInterval(1, 2, { level: 95 }), 'shareInterval: level: expected a number within (0, 1), got 95'],
  ['more right than asked', () => shareInterval(3, 2), 'shareInterval: successes: expected at most 2, got 3'],
  ['no errors', () => conformalRadius([]), 'conformalRadius: errors: expected a list of at least one finite number, got []'],
  ['NaN', () => bootstrapInterval([1, NaN]), 'bootstrapInterval: values: expected a list of at least one finite number, got [1,'],
  ['a negative error', () => predictionInterval([1], -1), 'predictionInterval: meanSquaredError: expected a finite number >= 0, got -1'],
  ['a statistic that is none', () => bootstrapInterval([1, 2], { statistic: () => NaN }), 'bootstrapInterval: statistic: gave a value that is not a number'],
])('%s', (_, mistake, message) => {
  expect(mistake).toThrow(SinapseError);
  expect(mistake).toThrow(message);
}); // prettier-ignore
