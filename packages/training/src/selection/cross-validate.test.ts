// Cross-validation gives what its folds give when they are trained by hand.

import { SinapseError, hostNormal, randomKey, tensor, use } from '@sinapse/core';
import { Dataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { beforeAll, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { bitsOf, clusters, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import type { Batch, HostArray } from '../index.ts';
import { evaluate, fit, predict } from '../index.ts';
import { crossValidate, kFold } from './index.ts';

beforeAll(() => void use(poisoned()));

const COUNT = 30;
/** All examples in one batch. */
async function examples(): Promise<Batch<HostArray>> {
  for await (const batch of clusters({ examples: COUNT, batchSize: COUNT }).iterate({ epoch: 1 })) return batch;
  return expect.unreachable();
}
const settings = () => ({ optimizer: () => new Momentum(), loss: crossEntropy, epochs: 2, batchSize: 8, seed: 3 });

test('each fold is trained on the others and measured on its own examples', async () => {
  const data = await examples();
  const models: Linear[] = [];
  const keep = (model: object) => void models.push(model as Linear);
  const { folds, loss, accuracy } = await crossValidate((fold) => new Linear(5, 3, fold), data, { ...settings(), folds: 3, stratify: true, measureTraining: true, onFold: keep }); // prettier-ignore
  const labels = data.y.data as Int32Array;
  expect(folds.map(({ rows }) => rows)).toEqual(kFold(COUNT, { folds: 3, labels, seed: 3 }));

  const rowsOf = (rows: Int32Array): Batch<HostArray> => ({
    x: {
      data: Float32Array.from(Array.from(rows, (i) => Array.from(data.x.data.slice(5 * i, 5 * i + 5))).flat()),
      shape: [rows.length, 5],
    },
    y: { data: Int32Array.from(rows, (i) => labels[i]!), shape: [rows.length] },
  });
  for (const { fold, rows, test, train, history } of folds) {
    expect(history).toHaveLength(2);
    for (const [part, measured] of [[rows.test, test], [rows.train, train!]] as const) {
      const { x, y } = rowsOf(part);
      const logits = await predict(models[fold]!, x);
      const losses = Array.from(part, (_, i) => {
        const z = Array.from(logits.data.slice(3 * i, 3 * i + 3), Number);
        return Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0)) - z[y.data[i]!]!;
      });
      expect(measured.loss).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / part.length, 5); // float32 losses near 1, averaged
      expect(measured.examples).toBe(part.length);
    }
    expect(history[1]!.valLoss).toBe(test.loss);
  } // prettier-ignore
  const means = folds.map(({ test }) => test.loss);
  const mean = (means[0]! + means[1]! + means[2]!) / 3;
  expect(loss.mean).toBeCloseTo(mean, 14);
  expect(loss.deviation).toBeCloseTo(Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2), 14);
  expect(accuracy.mean).toBeCloseTo(folds.reduce((sum, { test }) => sum + test.accuracy, 0) / 3, 14);
});

test('examples may come as batches, tensors or a dataset; the results are the same bits', async () => {
  const data = await examples();
  const run = async (given: object) => {
    const bits: unknown[] = [];
    const onFold = (model: object) => void bits.push(bitsOf(model));
    const result = await crossValidate(() => new Linear(5, 3), given as never, { ...settings(), epochs: 1, folds: 2, onFold });
    return [bits, result.loss];
  };
  const expected = await run(data);
  const rows = Array.from({ length: COUNT }, (_, i) => ({ x: data.x.data.slice(5 * i, 5 * i + 5), y: data.y.data[i]! }));
  expect(await run(Dataset.from(rows).batch(7))).toEqual(expected);
  const lists = Array.from({ length: COUNT }, (_, i) => Array.from(data.x.data.slice(5 * i, 5 * i + 5)));
  expect(await run({ x: lists, y: Array.from(data.y.data) })).toEqual(expected);
  expect(await run({ x: tensor(data.x.data, { shape: data.x.shape }), y: tensor(data.y.data, { shape: [COUNT], dtype: 'int32' }) })).toEqual(expected);
}); // prettier-ignore

test('weights of examples and of classes reach the training', async () => {
  const data = await examples();
  const labels = Array.from(data.y.data);
  const run = async (given: object, options: object = {}) => {
    const bits: unknown[] = [];
    const onFold = (model: object) => void bits.push(bitsOf(model));
    await crossValidate(() => new Linear(5, 3), given as never, {
      ...settings(),
      epochs: 1,
      folds: 2,
      onFold,
      loss: softmaxCrossEntropy,
      ...options,
    });
    return bits;
  };
  const byClass = [1, 0, 2];
  const weighted = await run({ ...data, weight: labels.map((label) => byClass[label]!) });
  expect(await run(data, { classWeights: byClass })).toEqual(weighted);
  expect(await run(data)).not.toEqual(weighted);
});

test('trees of arrays, and folds of one’s own', async () => {
  const x = { a: { data: hostNormal(randomKey(1), 12), shape: [12, 1] }, b: { data: hostNormal(randomKey(2), 12), shape: [12, 1] } };
  const y = { data: Float32Array.from(x.a.data, (value, i) => value - x.b.data[i]!), shape: [12, 1] };
  const inner = () => new Linear(1, 1);
  const makeModel = () => {
    const parts = [inner(), inner()] as const;
    return { parts, call: ({ a, b }: Record<'a' | 'b', ReturnType<typeof tensor>>) => parts[0].call(a).add(parts[1].call(b)) };
  };
  const holdOut = [{ train: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7), test: Int32Array.of(8, 9, 10, 11) }];
  const squared = (output: ReturnType<typeof tensor>, target: ReturnType<typeof tensor>) => output.sub(target).square().mean();
  const result = await crossValidate(makeModel, { x, y }, { ...settings(), loss: squared, epochs: 40, folds: holdOut });
  expect(result.folds).toHaveLength(1);
  expect(result.loss.mean).toBeLessThan(0.05); // the targets, x - y, have the variance 2
  expect(result.accuracy.mean).toBeNaN();
});

test('a fold is what fit and evaluate give by hand', async () => {
  const data = await examples();
  const all = { train: Int32Array.from({ length: COUNT }, (_, i) => i), test: Int32Array.from({ length: COUNT }, (_, i) => i) };
  let trained: object | undefined;
  const keep = (model: object) => void (trained = model);
  const result = await crossValidate(() => new Linear(5, 3), data, {
    ...settings(),
    batchSize: COUNT,
    epochs: 1,
    folds: [all],
    onFold: keep,
  });
  const model = new Linear(5, 3);
  const source = { async *iterate() { yield data; } }; // prettier-ignore
  await fit(model, source, { optimizer: new Momentum(), loss: crossEntropy, epochs: 1, seed: 3 });
  const { loss } = await evaluate(model, source, { loss: crossEntropy });
  expect(result.loss.mean).toBeCloseTo(loss, 6); // the batch is in another order: its sums round differently
  expect(trained).toBeInstanceOf(Linear);
});

test.each<[string, object, object, string]>([
  ['an optimizer for all folds', {}, { optimizer: new Momentum() }, 'crossValidate: optimizer: expected a function that makes one for each fold, e.g. () => adam(), got an object'],
  ['more folds than examples', {}, { folds: 31 }, 'kFold: 31 folds of 30 examples; there can be at most one for each'],
  ['a class with few examples', {}, { folds: 11, stratify: true }, 'kFold: class 0 has 10 examples, fewer than the 11 folds; take fewer folds'],
  ['no class numbers to stratify', { y: { data: new Float32Array(30), shape: [30] } }, { stratify: true }, 'crossValidate: stratify needs class numbers as targets, one integer for each example'],
  ['x and y of different lengths', { y: { data: new Int32Array(29), shape: [29] } }, {}, 'crossValidate: x has 30 examples, y has 29'],
  ['a fold without examples', {}, { folds: [{ train: Int32Array.of(1), test: Int32Array.of() }] }, 'crossValidate: folds[0]: test has no examples'],
  ['a fold of other data', {}, { folds: [{ train: Int32Array.of(1, 30), test: Int32Array.of(2) }] }, 'crossValidate: folds[0]: train: example 30 is not among the 30 examples, 0 to 29'],
  ['a controller as signal', {}, { signal: new AbortController() }, 'crossValidate: signal: expected an AbortSignal, got an object'],
  ['an option misspelt', {}, { fold: 3 }, 'crossValidate: fold is no option; did you mean folds?'],
])('%s', async (_, changed, options, message) => {
  const run = crossValidate(() => new Linear(5, 3), { ...(await examples()), ...changed }, { ...settings(), ...options });
  const error = await run.then(() => expect.unreachable(), (reason: unknown) => reason as Error);
  expect(error).toBeInstanceOf(SinapseError);
  expect(error.message).toContain(message);
}); // prettier-ignore
