// Examples in any usual form, through any pipeline, go into fit, evaluate and predict.

import { double } from '@sinapse/backend-testkit';
import { tensor, use, withBackend } from '@sinapse/core';
import { Dataset, digits, imageDataset } from '@sinapse/datasets';
import { dense, flatten, sequential } from '@sinapse/layers';
import { meanSquaredError, softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam, sgd } from '@sinapse/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOf } from '../test/tiny.ts';
import type { BatchSource } from './index.ts';
import { evaluate, fit, predict } from './index.ts';

beforeAll(() => void use(poisoned()));

/** Two classes: the first input is the larger one, or the second. */
const examples = [
  { x: [2, 1], y: 0 },
  { x: [1, 3], y: 1 },
  { x: [5, 4], y: 0 },
  { x: [0, 1], y: 1 },
  { x: [3, 2], y: 0 },
];

function classifier(inputs: number, classes: number) {
  const model = sequential([flatten(), dense({ units: classes })]);
  model.build([inputs], 1);
  return model;
}

describe('examples in records', () => {
  test.each<[string, () => BatchSource]>([
    ['lists', () => Dataset.from(examples).batch(2)],
    ['typed arrays', () => Dataset.from(examples.map(({ x, y }) => ({ x: Float32Array.from(x), y }))).batch(2)],
    ['arrays with a shape', () => Dataset.from(examples.map(({ x, y }) => ({ x: { data: Float32Array.from(x), shape: [2] }, y }))).batch(2)],
    ['tensors', () => Dataset.from(examples.map(({ x, y }) => ({ x: tensor(x), y }))).batch(2)],
    ['labels as tensors', () => Dataset.from(examples.map(({ x, y }) => ({ x, y: tensor([y], { dtype: 'int32' }).reshape([]) }))).batch(2)],
    ['a generator function', () => Dataset.from(function* () { yield* examples; }).batch(2)],
    ['map', () => Dataset.from(examples).map(({ x, y }) => ({ x: [...x], y })).batch(2)],
    ['filter', () => Dataset.from(examples).filter(() => true).batch(2)],
    ['prefetch', () => Dataset.from(examples).prefetch(2).batch(2)],
  ])('%s: the same training, evaluation and predictions', async (_, source) => {
    const train = async (data: BatchSource) => {
      const model = classifier(2, 2);
      const { history } = await fit(model, data, { optimizer: adam(), loss: softmaxCrossEntropy, epochs: 2 });
      const { accuracy, confusion } = await evaluate(model, data, { loss: softmaxCrossEntropy });
      return { weights: bitsOf(model), accuracies: history.map((epoch) => epoch.accuracy), accuracy, confusion, outputs: await predict(model, data) };
    };
    const plain: BatchSource = {
      length: 3,
      async *iterate() {
        for (const rows of [examples.slice(0, 2), examples.slice(2, 4), examples.slice(4)])
          yield { x: { data: Float32Array.from(rows.flatMap(({ x }) => x)), shape: [rows.length, 2] }, y: { data: Int32Array.from(rows, ({ y }) => y), shape: [rows.length] } };
      },
    };
    const trained = await train(source());
    expect(trained).toEqual(await train(plain));
    expect(trained.accuracies[0]).toBeGreaterThanOrEqual(0);
    expect(trained.outputs.shape).toEqual([5, 2]);
  }); // prettier-ignore

  test('one-hot labels, and numbers to predict', async () => {
    const oneHot = Dataset.from(examples.map(({ x, y }) => ({ x, y: y === 0 ? [1, 0] : [0, 1] }))).batch(2);
    const settings = { optimizer: sgd(), epochs: 1 };
    expect((await fit(classifier(2, 2), oneHot, { ...settings, loss: softmaxCrossEntropy })).history[0]!.loss).toBeGreaterThan(0);
    const line = Dataset.from([-1, 0, 1, 2].map((x) => ({ x: [x], y: [2 * x] }))).batch(2);
    expect((await fit(classifier(1, 1), line, { ...settings, loss: meanSquaredError })).history[0]!.loss).toBeGreaterThan(0);
  });

  test('a class number that is out of range is named, in tensors, too', async () => {
    for (const y of [7, tensor(7, { dtype: 'int32' })]) {
      const data = Dataset.from([{ x: [1, 2], y }]).batch(1) as unknown as BatchSource;
      await expect(fit(classifier(2, 2), data, { optimizer: sgd(), loss: softmaxCrossEntropy, epochs: 1 })).rejects.toThrow(
        "epoch 1, step 1: label 7 of example 0 is outside the model's 2 classes, 0 to 1",
      );
    }
  });

  test('on a device that answers late', async () => {
    const backend = double();
    const losses = await withBackend(backend, () => {
      const data = Dataset.from(examples.map(({ x, y }) => ({ x: tensor(x), y: tensor(y, { dtype: 'int32' }) }))).batch(2);
      return { training: fit(classifier(2, 2), data, { optimizer: sgd(), loss: softmaxCrossEntropy, epochs: 2 }) };
    }).training.then(({ history }) => history.map(({ loss }) => loss));
    expect(losses[1]).toBeLessThan(losses[0]!);
  });
});

test('images trained on after map, filter and prefetch are those trained on directly', async () => {
  const images = imageDataset(digits({ count: 40, seed: 1 })).shuffle(1);
  const weights = async (data: BatchSource) => {
    const model = classifier(28 * 28, 10);
    await fit(model, data, { optimizer: adam(), loss: softmaxCrossEntropy, epochs: 1 });
    return bitsOf(model);
  };
  const direct = await weights(images.batch(8));
  expect(await weights(images.map((example) => example).batch(8))).toEqual(direct);
  expect(await weights(images.filter(({ y }) => y < 10).batch(8))).toEqual(direct);
  expect(await weights(images.prefetch(2).batch(8).prefetch(2))).toEqual(direct);
});

test('predict takes an array with its shape, and says what is wrong with a source', async () => {
  const model = classifier(2, 2);
  const one = await predict(model, { data: Float32Array.of(1, 2), shape: [1, 2] });
  expect(one).toEqual(await predict(model, tensor([[1, 2]])));
  expect(await predict(model, Dataset.from([{ x: [1, 2] }]).batch(4))).toEqual(one);
  await expect(predict(model, Dataset.from<{ x: number[] }>([]).batch(4))).rejects.toThrow('predict: the data is empty');
  await expect(predict(model, Dataset.from([{ x: [1, 2] }]) as never)).rejects.toThrow(
    'predict: batch 1: x: expected a tensor, or { data, shape }',
  );
  await expect(predict(model, Dataset.from([[1, 2]]).batch(1) as never)).rejects.toThrow('predict: batch 1: x: expected a tensor');
});
