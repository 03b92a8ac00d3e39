// Windows, forecasts and anomalies of series that are made here.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import type { Backend, Tensor } from '@sinapse/core';
import {
  Context,
  RandomStream,
  mean,
  parametersOf,
  randomKey,
  randomNormal,
  scope,
  square,
  sub,
  tensor,
  use,
  valueAndGrad,
} from '@sinapse/core';
import { adam } from '@sinapse/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anomalyScores, forecaster, seasonalNaive, seriesWindows } from '../index.ts';
import type { Forecaster } from '../series/forecaster.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

let backend: Backend;
beforeAll(async () => void (backend = use(await cpu())));
afterAll(() => backend.close());

const SEASON = 12;

/** A season whose strength swells and fades, a slow rise, and noise. */
function noisySeries(steps: number, noise: number, seed: number): Float32Array {
  const random = new RandomStream(randomKey(seed));
  return Float32Array.from({ length: steps }, (_, t) => {
    const angle = (2 * Math.PI * t) / SEASON;
    return 5 + 0.02 * t + Math.sin(angle) + 0.4 * Math.cos(2 * angle) + noise * random.normal();
  });
}

function trainOn(model: Forecaster, series: Float32Array, window: number, steps: number): void {
  const { x, y } = seriesWindows(series, { window, horizon: model.horizon });
  model.build(x.shape.slice(1), 1);
  const parameters = parametersOf(model).map(({ cell }) => cell);
  const optimizer = adam({ learningRate: 0.01 });
  for (let step = 0; step < steps; step++) {
    scope(() => {
      const [inputs, wanted] = [tensor(x.data, { shape: x.shape }), tensor(y.data, { shape: y.shape })];
      const loss = () => mean(square(sub(model.call(inputs, new Context({ training: true, seed: step })), wanted)));
      optimizer.step(parameters, valueAndGrad(loss, parameters).gradients);
    });
  }
}

describe('windows', () => {
  test('hold what was, and what follows', () => {
    const { x, y } = seriesWindows([1, 2, 3, 4, 5], { window: 2, horizon: 2 });
    expect([x.shape, [...x.data]]).toEqual([[2, 2, 1], [1, 2, 2, 3]]); // prettier-ignore
    expect([y.shape, [...y.data]]).toEqual([[2, 2], [3, 4, 4, 5]]); // prettier-ignore
  });
  test('of several columns foresee one', () => {
    const series = { data: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40), shape: [4, 2] };
    const { x, y } = seriesWindows(series, { window: 2, target: 1, stride: 1 });
    expect([x.shape, [...x.data]]).toEqual([[2, 2, 2], [1, 10, 2, 20, 2, 20, 3, 30]]); // prettier-ignore
    expect([...y.data]).toEqual([30, 40]);
  });
  test('are refused where there are none', () => {
    expect(() => seriesWindows([1, 2], { window: 2 })).toThrow('seriesWindows: a window and its horizon take 3 steps, the series has 2');
    expect(() => seriesWindows([1, NaN, 3], { window: 1 })).toThrow('seriesWindows: the series has NaN at step 1; fill gaps first');
    expect(() => seriesWindows([1, 2, 3], { window: 1, target: 1 })).toThrow(
      'seriesWindows: target: the series has the columns 0 to 0, got 1',
    );
    expect(() => seriesWindows(7 as never, { window: 1 })).toThrow('seriesWindows: expected a series');
    expect(() => seriesWindows([1], {} as never)).toThrow('seriesWindows: window');
  });
});

test('the seasonal naive forecast repeats the last season', () => {
  expect([...seasonalNaive([9, 1, 2, 3], { season: 3, horizon: 4 })]).toEqual([1, 2, 3, 1]);
  expect(() => seasonalNaive([1], { season: 3 })).toThrow('seasonalNaive: a season has 3 steps, the series 1');
});

describe.each(['direct', 'iterated'] as const)('a forecaster with the head %s', (head) => {
  // The iterated head learns the same, in the full tier.
  test.skipIf(head === 'iterated' && !full)('beats the seasonal naive forecast of a noisy seasonal series by a quarter', () => {
    const [window, horizon, noise] = [24, 6, 0.3];
    const series = noisySeries(200, noise, 3);
    const model = forecaster({ horizon, units: 16, head, cell: 'gru' });
    trainOn(model, series, window, 100);
    // What it never saw: other noise.
    const unseen = noisySeries(200, noise, 4);
    const { x, y } = seriesWindows(unseen, { window, horizon });
    const errorOf = (forecast: ArrayLike<number>): number =>
      Math.sqrt(y.data.reduce((sum, value, i) => sum + (value - forecast[i]!) ** 2, 0) / y.data.length);
    const learned = errorOf(scope(() => model.call(tensor(x.data, { shape: x.shape })).dataSync()));
    const naive = errorOf(
      Float32Array.from(
        Array.from({ length: x.shape[0]! }, (_, i) => [...seasonalNaive(unseen.slice(i, i + window), { season: SEASON, horizon })]).flat(),
      ),
    );
    // The naive forecast errs by the noise of two seasons and their rise, 0.48 together; the best possible one by that of one, 0.3.
    expect(learned).toBeLessThan(0.75 * naive);
  });

  test('has the gradients that differences say, and does not mind the level and scale of a series', async () => {
    const float64 = use(reference({ precision: 'float64' }));
    try {
      const model = forecaster({ horizon: 3, units: 2, head });
      expect(model.build([4, 1], 1)).toEqual([3]);
      const x = randomNormal([2, 4, 1], { seed: 1 });
      const cells = parametersOf(model).map(({ cell }) => cell);
      await checkGradients((windows: Tensor) => model.call(windows), [x, ...cells], { elements: 3 });
      const moved = model.call(x.mul(1000).add(300)).sub(300).div(1000).dataSync();
      model.call(x).dataSync().forEach((value, i) => expect(moved[i]).toBeCloseTo(value, 5)); // prettier-ignore
    } finally {
      use(backend);
      await float64.close();
    }
  });
});

test('an anomaly in a periodic signal is found', async () => {
  const clean = Float32Array.from({ length: 240 }, (_, t) => Math.sin((2 * Math.PI * t) / SEASON));
  const model = forecaster({ units: 16, cell: 'gru' });
  const random = new RandomStream(randomKey(1));
  trainOn(model, clean.map((value) => value + 0.05 * random.normal()), 24, 80); // prettier-ignore
  const signal = clean.map((value) => value + 0.05 * random.normal());
  signal[150]! += 0.8; // within the range of the signal, at a place where it is not expected
  const scores = await anomalyScores(model, signal, { window: 24 });
  expect(scores).toHaveLength(240);
  expect(scores.slice(0, 24).every(Number.isNaN)).toBe(true);
  const found = scores.reduce((best, score, t) => (score > scores[best]! ? t : best), 24);
  expect(found).toBe(150);
  expect(scores[150]).toBeGreaterThan(3.5);
  expect(scores.slice(24, 150).every((score) => score < scores[150]!)).toBe(true);
});

test('what cannot be foreseen is refused', async () => {
  expect(() => forecaster({ head: 'iterated' }).build([4, 2])).toThrow(
    'forecaster: the iterated head foresees series of one column, got 2',
  );
  expect(() => forecaster({ target: 2 }).build([4, 2])).toThrow('forecaster: target: the series has the columns 0 to 1, got 2');
  expect(() => forecaster().build([4])).toThrow('forecaster: each example must be [window, columns], got [4]');
  await expect(anomalyScores(forecaster(), [1, 2], { window: 2 })).rejects.toThrow(
    'anomalyScores: a window has 2 steps, the series only 2',
  );
  await expect(anomalyScores(1 as never, [1], { window: 1 })).rejects.toThrow('anomalyScores: model: expected a model');
});
