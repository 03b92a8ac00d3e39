// The layers of noise, by the moments of what they do: each tolerance is four standard deviations of the estimate.

import { reference } from '@sinapse/backend-reference';
import { Context, KeyCell, ones, randomKey, randomNormal, record, scope, use, zeros } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { alphaDropout } from './alpha-dropout.ts';
import { gaussianDropout } from './gaussian-dropout.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import type { Layer } from './layer.ts';
import { spatialDropout1d, spatialDropout2d, spatialDropout3d } from './spatial-dropout.ts';
import { stochasticDepth } from './stochastic-depth.ts';

beforeAll(() => void use(reference()));

const COUNT = 40_000;
const training = (seed = 1): Context => new Context({ training: true, seed });

function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  const all = Array.from(values);
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  return { mean, variance: all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length };
}

const everyNoise: [string, () => Layer, number[]][] = [
  ['alphaDropout', () => alphaDropout({ rate: 0.3 }), [50]],
  ['gaussianDropout', () => gaussianDropout({ rate: 0.3 }), [50]],
  ['gaussianNoise', () => gaussianNoise({ deviation: 1 }), [50]],
  ['spatialDropout1d', () => spatialDropout1d({ rate: 0.3 }), [2, 50]],
  ['spatialDropout2d', () => spatialDropout2d({ rate: 0.3 }), [2, 2, 50]],
  ['spatialDropout3d', () => spatialDropout3d({ rate: 0.3 }), [2, 2, 2, 50]],
];

describe.each(everyNoise)('%s', (_, make, shape) => {
  const x = () => ones([2, ...shape]);

  test('predicts its input, and depends on the seed alone in training', () => {
    const layer = make();
    layer.build(shape, 0);
    expect(layer.call(x(), new Context()).dataSync()).toEqual(x().dataSync());
    const y = layer.call(x(), training()).dataSync();
    expect(y).not.toEqual(x().dataSync());
    expect(layer.call(x(), training()).dataSync()).toEqual(y);
    expect(layer.call(x(), training(2)).dataSync()).not.toEqual(y);
    expect(() => layer.call(x(), new Context({ training: true }))).toThrow('context: a layer draws random numbers in training');
  });

  test('in a recorded step, draws the numbers of the key at the replay', () => {
    const layer = make();
    const [input, key] = [x(), new KeyCell(1)];
    const recording = record(() => scope(() => layer.call(input, new Context({ training: true, seed: key }))));
    key.assign(randomKey(2));
    recording.replay();
    expect(recording.result.dataSync()).toEqual(layer.call(input, training(2)).dataSync());
  });
});

test('gaussianNoise adds noise of mean 0 and the given deviation', () => {
  const y = gaussianNoise({ deviation: 0.5 })
    .call(zeros([COUNT]).add(3), training())
    .dataSync();
  const { mean, variance } = moments(y);
  expect(Math.abs(mean - 3)).toBeLessThan((4 * 0.5) / Math.sqrt(COUNT));
  expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / COUNT));
});

test('gaussianDropout multiplies by noise of mean 1 and the variance of dropout', () => {
  const { mean, variance } = moments(
    gaussianDropout({ rate: 0.2 })
      .call(ones([COUNT]), training())
      .dataSync(),
  );
  expect(Math.abs(mean - 1)).toBeLessThan((4 * 0.5) / Math.sqrt(COUNT));
  expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / COUNT)); // rate / (1 - rate)
});

describe('alphaDropout', () => {
  test('keeps mean 0 and variance 1', () => {
    const y = alphaDropout({ rate: 0.3 })
      .call(randomNormal([COUNT], { seed: 5 }), training())
      .dataSync();
    const { mean, variance } = moments(y);
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(COUNT));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(3 / COUNT)); // the variance of a square is at most 3 here
  });

  test('sets dropped elements to the limit of selu, before it scales and shifts', () => {
    const rate = 0.25;
    const limit = -1.7580993408473766;
    const a = ((1 - rate) * (1 + rate * limit ** 2)) ** -0.5;
    const y = new Set(
      alphaDropout({ rate })
        .call(zeros([COUNT]), training())
        .dataSync(),
    );
    expect([...y].sort((one, other) => one - other)).toEqual([a * limit * (1 - rate), -a * limit * rate].map((value) => expect.closeTo(value, 6))); // prettier-ignore
  });
});

describe('spatial dropout', () => {
  test('drops whole channels of examples, each by itself, and divides the others', () => {
    const y = spatialDropout2d({ rate: 0.5 })
      .call(ones([40, 3, 2, 50]), training())
      .dataSync();
    const kept = Array.from({ length: 40 * 50 }, (_, i) => {
      const [n, channel] = [Math.floor(i / 50), i % 50];
      const pixels = [0, 1, 2, 3, 4, 5].map((pixel) => y[(n * 6 + pixel) * 50 + channel]!);
      expect(new Set(pixels).size).toBe(1);
      return pixels[0]!;
    });
    expect(new Set(kept)).toEqual(new Set([0, 2]));
    expect(Math.abs(moments(kept).mean - 1)).toBeLessThan(4 / Math.sqrt(kept.length));
    expect(kept.slice(0, 50)).not.toEqual(kept.slice(50, 100));
  });

  test('says what an example must be', () => {
    expect(() => spatialDropout1d({ rate: 0.5 }).build([2, 3, 4])).toThrow(
      'spatialDropout1d: each example must be [time, channels], got [2,3,4]',
    );
    expect(() => spatialDropout3d({ rate: 1 })).toThrow('spatialDropout3d: rate: expected a number within [0, 1), got 1');
  });
});

describe('stochasticDepth', () => {
  const layer = stochasticDepth({ rate: 0.25 });

  test('drops whole examples, each by itself, and divides the others', () => {
    const y = layer.call(ones([2000, 3, 2]), training()).dataSync();
    const kept = Array.from({ length: 2000 }, (_, i) => {
      const values = new Set(y.slice(6 * i, 6 * (i + 1)));
      expect(values.size).toBe(1);
      return [...values][0]!;
    });
    expect(new Set(kept)).toEqual(new Set([0, Math.fround(4 / 3)]));
    expect(Math.abs(moments(kept).mean - 1)).toBeLessThan(4 * Math.sqrt(0.25 / 0.75 / kept.length));
  });

  test('predicts its input, and depends on the seed alone in training', () => {
    const x = ones([20, 2]);
    expect(layer.call(x, new Context()).dataSync()).toEqual(x.dataSync());
    expect(layer.call(x, training()).dataSync()).toEqual(layer.call(x, training()).dataSync());
    expect(layer.call(x, training(2)).dataSync()).not.toEqual(layer.call(x, training()).dataSync());
  });
});
