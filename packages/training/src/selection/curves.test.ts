// The points of both curves are cross-validations.

import { SinapseError, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { clusters, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import { crossValidate, learningCurve, validationCurve } from './index.ts';

beforeAll(() => void use(poisoned()));

const data = () => clusters({ examples: 30, batchSize: 10 });
const settings = () => ({ optimizer: () => new Momentum(0.05), loss: crossEntropy, epochs: 2, batchSize: 8, seed: 3, folds: 3 });
const makeModel = (fold: number) => new Linear(5, 3, fold);

test('a learning curve ends with the cross-validation on all examples', async () => {
  const points = await learningCurve(makeModel, data(), { ...settings(), stratify: true, shares: [0.1, 0.5, 1] });
  expect(points.map(({ examples }) => examples)).toEqual([2, 10, 20]);
  const whole = await crossValidate(makeModel, data(), { ...settings(), stratify: true });
  const { loss, accuracy, metrics } = whole;
  expect(points[2]!.test).toEqual({ loss, accuracy, metrics });
  expect(points[0]!.train.loss.mean).not.toBe(points[2]!.train.loss.mean);
  expect(points[2]!.test.loss.mean).toBeLessThan(points[0]!.test.loss.mean);
});

test('a validation curve is a cross-validation for each value', async () => {
  const candidate = (rate: number) => ({ ...settings(), makeModel, optimizer: () => new Momentum(rate) });
  const points = await validationCurve([1e-6, 0.05], candidate, data());
  expect(points.map(({ value }) => value)).toEqual([1e-6, 0.05]);
  const { folds, loss } = await crossValidate(makeModel, data(), {
    ...settings(),
    optimizer: () => new Momentum(1e-6),
    measureTraining: true,
  });
  expect(points[0]!.test.loss).toEqual(loss);
  expect(points[0]!.train.loss.mean).toBeCloseTo(
    folds.reduce((sum, { train }) => sum + train!.loss / 3, 0),
    12,
  );
  expect(points[0]!.train.loss.mean).toBeGreaterThan(points[1]!.train.loss.mean); // it underfits
});

test.each<[string, () => Promise<unknown>, string]>([
  ['a share in percent', () => learningCurve(makeModel, data(), { ...settings(), shares: [50] }), 'learningCurve: shares: expected a list of numbers within (0, 1], got [50]'],
  ['more folds than examples', () => learningCurve(makeModel, data(), { ...settings(), folds: 31 }), 'kFold: 31 folds of 30 examples'],
  ['no values', () => validationCurve([], () => ({ ...settings(), makeModel }), data()), 'validationCurve: values: expected a list of at least one, got []'],
  ['no candidate', () => validationCurve([1], () => undefined as never, data()), 'validationCurve: candidateOf: expected { makeModel, optimizer, loss, epochs, … }, got undefined'],
  ['an option misspelt', () => validationCurve([1], () => ({ ...settings(), makeModel, epoch: 1 }), data()), 'crossValidate: epoch is no option; did you mean epochs?'],
])('%s', async (_, mistake, message) => {
  const error = await mistake().then(() => expect.unreachable(), (reason: unknown) => reason as Error);
  expect(error).toBeInstanceOf(SinapseError);
  expect(error.message).toContain(message);
}); // prettier-ignore
