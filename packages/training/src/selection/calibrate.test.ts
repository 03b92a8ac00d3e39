// Calibration on logits whose right temperature is known.

import { RandomStream, SinapseError, randomKey, use } from '@sinapse/core';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { beforeAll, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { Linear } from '../../test/tiny.ts';
import { evaluate, predict } from '../index.ts';
import { expectedCalibrationError } from '../metrics/index.ts';
import { calibrate, fitTemperature, reliability } from './index.ts';

beforeAll(() => void use(poisoned()));

const [EXAMPLES, CLASSES, TOO_SURE] = [1000, 4, 3];

/** Labels drawn from the softmax of logits, and the logits made `TOO_SURE` times as large. */
function overconfident() {
  const stream = new RandomStream(randomKey(8));
  const data = new Float32Array(EXAMPLES * CLASSES);
  const labels = new Int32Array(EXAMPLES);
  for (let i = 0; i < EXAMPLES; i++) {
    const z = Array.from({ length: CLASSES }, () => 1.5 * stream.normal());
    const powers = z.map(Math.exp);
    let u = stream.uniform() * powers.reduce((a, b) => a + b, 0);
    labels[i] = powers.findIndex((power) => (u -= power) < 0);
    data.set(z.map((value) => value * TOO_SURE), i * CLASSES); // prettier-ignore
  }
  return { logits: { data, shape: [EXAMPLES, CLASSES] }, labels };
}

/** The mean of -log softmax(z / T)_y, in float64. */
function negativeLogLikelihood({ logits, labels }: ReturnType<typeof overconfident>, temperature: number): number {
  let sum = 0;
  for (let i = 0; i < EXAMPLES; i++) {
    const z = Array.from(logits.data.slice(i * CLASSES, (i + 1) * CLASSES), (value) => value / temperature);
    sum += Math.log(z.reduce((total, value) => total + Math.exp(value), 0)) - z[labels[i]!]!;
  }
  return sum / EXAMPLES;
}

test('the temperature is where the likelihood is highest', () => {
  const data = overconfident();
  const temperature = fitTemperature(data.logits, data.labels);
  // The golden section finds a minimum to the square root of the precision of its values.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0.5, 10];
  while (high - low > 1e-7) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (negativeLogLikelihood(data, a) < negativeLogLikelihood(data, b)) high = b;
    else low = a;
  }
  expect(temperature).toBeCloseTo((low + high) / 2, 5);
  expect(Math.abs(temperature - TOO_SURE)).toBeLessThan(0.4); // 1,000 labels: a deviation of about 0.13
});

test('a calibrated model is as sure as it is right, and decides as before', async () => {
  const { logits, labels } = overconfident();
  const model = { call: (x: Parameters<Linear['call']>[0]) => x };
  const { temperature, before, after, model: scaled } = await calibrate(model, { x: logits, y: { data: labels, shape: [EXAMPLES] } }, { batchSize: 1000 }); // prettier-ignore
  expect(temperature).toBe(fitTemperature(logits, labels));
  expect(after.accuracy).toBe(before.accuracy);
  expect(before.expectedError).toBeGreaterThan(0.1);
  expect(after.expectedError).toBeLessThan(0.05); // the noise of bins of some 65 labels
  expect(after.negativeLogLikelihood).toBeCloseTo(negativeLogLikelihood({ logits, labels }, temperature), 12);
  const { data } = await predict(scaled, { data: logits.data.slice(0, 4), shape: [1, 4] });
  expect(Array.from(data)).toEqual(Array.from(logits.data.slice(0, 4), (z) => Math.fround(z / Math.fround(temperature))));
});

test('models that are right everywhere, or know nothing, have the temperatures at the ends', () => {
  const sure = { data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] };
  expect(fitTemperature(sure, [0, 1])).toBe(0.01);
  expect(fitTemperature(sure, [1, 0])).toBe(100);
});

test('its expected error is the metric of evaluate', async () => {
  const { logits, labels } = overconfident();
  const data = { async *iterate() { yield { x: logits, y: { data: labels, shape: [EXAMPLES] } }; } }; // prettier-ignore
  const identity = { call: (x: Parameters<Linear['call']>[0]) => x };
  const metrics = { error: expectedCalibrationError() };
  const { before } = await calibrate(identity, data, { batchSize: 1000 });
  const { metrics: measured } = await evaluate(identity, data, { loss: softmaxCrossEntropy, metrics });
  expect(measured.error).toBeCloseTo(before.expectedError, 5); // the metric's probabilities are float32
});

test('the bins of a reliability diagram, by hand', () => {
  const probabilities = { data: Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0, 1), shape: [4, 2] };
  const {
    bins,
    expectedError,
    maximumError,
    accuracy,
    negativeLogLikelihood: loss,
  } = reliability(probabilities, [0, 1, 0, 1], { bins: 4 });
  expect(bins).toEqual([
    { from: 0, to: 0.25, count: 0, confidence: NaN, accuracy: NaN },
    { from: 0.25, to: 0.5, count: 1, confidence: 0.5, accuracy: 0 }, // the first of equal classes is predicted: 0
    { from: 0.5, to: 0.75, count: 2, confidence: 0.75, accuracy: 0.5 },
    { from: 0.75, to: 1, count: 1, confidence: 1, accuracy: 1 },
  ]);
  expect(expectedError).toBeCloseTo((1 / 4) * 0.5 + (2 / 4) * 0.25, 15);
  expect([maximumError, accuracy]).toEqual([0.5, 0.5]);
  expect(loss).toBeCloseTo(-(Math.log(0.75) + Math.log(0.5) + Math.log(0.25)) / 4, 15);
});

test.each<[string, () => unknown, string]>([
  ['no matrix', () => fitTemperature([[1, 2]] as never, [0]), 'fitTemperature: logits: expected an array with its shape [examples, classes], at least one example and two classes, got [[1,2]]'],
  ['a label too many', () => reliability({ data: Float32Array.of(1, 0), shape: [1, 2] }, [0, 1]), 'reliability: labels: expected a class from 0 to 1 for each of the 1 examples, got [0,1]'],
  ['a label that is no class', () => reliability({ data: Float32Array.of(1, 0), shape: [1, 2] }, [2]), 'reliability: labels: expected a class from 0 to 1 for each of the 1 examples, got [2]'],
  ['logits that are not finite', () => fitTemperature({ data: Float32Array.of(1, 2, 3, NaN), shape: [2, 2] }, [0, 1]), 'fitTemperature: logits: example 1 has NaN, which is no finite number'],
  ['no class numbers', () => calibrate(new Linear(2, 2), { x: { data: new Float32Array(2), shape: [1, 2] }, y: { data: new Float32Array(1), shape: [1] } }), 'calibrate: needs class numbers as targets, one integer for each example'],
])('%s', async (_, mistake, message) => {
  const error = await (async () => mistake())().then(() => expect.unreachable(), (reason: unknown) => reason as Error);
  expect(error).toBeInstanceOf(SinapseError);
  expect(error.message).toContain(message);
}); // prettier-ignore
