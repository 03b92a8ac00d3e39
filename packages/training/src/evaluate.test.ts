import { double } from '@sinapse/backend-testkit';
import { mean, memory, tensor, use } from '@sinapse/core';
import type { Context, Model, Tensor } from '@sinapse/core';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { batch, batches, bitsOf, crossEntropy, Linear, Stateful } from '../test/tiny.ts';
import { evaluate, fromArrays, TrainingError } from './index.ts';

beforeAll(() => void use(poisoned()));

/** A model that returns its input: the rows are logits. */
const identity: Model = { call: (x) => x.alias() };
const crossEntropyOf = (row: readonly number[], label: number) => Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[label]!;

describe.each([
  ['synchronously', poisoned],
  ['asynchronously', double],
])('on a backend that reads %s', (_, backend) => {
  test('counts every example the same, also those of a short last batch', async () => {
    use(backend());
    const rows = [[2, 0, 0], [0, 2, 0], [0, 0, 2], [2, 0, 0], [0, 3, 0]]; // prettier-ignore
    const labels = [0, 1, 1, 0, 2];
    const data = batches(batch(rows.slice(0, 4), labels.slice(0, 4)), batch(rows.slice(4), labels.slice(4)));
    const { loss, ...counted } = await evaluate(identity, data, {
      loss: crossEntropy,
      metrics: { first: (x) => mean(x.slice([null, 0])) },
    });
    expect(loss).toBeCloseTo(rows.reduce((sum, row, i) => sum + crossEntropyOf(row, labels[i]!), 0) / 5, 6);
    expect(counted).toEqual({
      accuracy: 3 / 5,
      examples: 5,
      metrics: { first: 4 / 5 },
      confusion: [[2, 0, 0], [0, 1, 1], [0, 1, 0]], // prettier-ignore
    });
    use(poisoned());
  });
});

test('of equal scores the first class is chosen', async () => {
  const { confusion } = await evaluate(identity, batches(batch([[1, 1]], [1])), { loss: crossEntropy });
  expect(confusion).toEqual([[0, 0], [1, 0]]); // prettier-ignore
});

test('takes labels for each position: [batch, position] of [batch, position, classes]', async () => {
  const data = batches({
    x: { data: Float32Array.of(1, 0, 0, 1, 5, 0), shape: [1, 3, 2] },
    y: { data: Int32Array.of(0, 1, 1), shape: [1, 3] },
  });
  const { accuracy, confusion, examples } = await evaluate(identity, data, { loss: (x) => mean(x) });
  expect({ accuracy, confusion, examples }).toEqual({ accuracy: 2 / 3, confusion: [[1, 0], [1, 1]], examples: 1 }); // prettier-ignore
});

test('takes bytes for labels', async () => {
  const data = batches({ x: { data: Float32Array.of(1, 0), shape: [1, 2] }, y: { data: Uint8Array.of(0), shape: [1] } });
  expect(await evaluate(identity, data, { loss: (x) => mean(x) })).toMatchObject({ accuracy: 1, confusion: [[1, 0], [0, 0]] }); // prettier-ignore
});

test('has no accuracy where the targets are no class numbers', async () => {
  const numbers = batches({ x: { data: Float32Array.of(1, 2), shape: [2, 1] }, y: { data: Float32Array.of(1, 4), shape: [2, 1] } });
  const squared = (x: Tensor, y: Tensor) => mean(x.sub(y).square());
  expect(await evaluate(identity, numbers, { loss: squared })).toEqual({ loss: 2, accuracy: NaN, examples: 2, confusion: [], metrics: {} });
  const one = batches({ x: { data: Float32Array.of(1, 2), shape: [2, 1] }, y: { data: Int32Array.of(1, 4), shape: [2] } });
  expect(await evaluate(identity, one, { loss: (x) => mean(x) })).toMatchObject({ accuracy: NaN, confusion: [] });
});

test('has no confusion matrix of a whole vocabulary', async () => {
  const data = batches({ x: { data: new Float32Array(4097), shape: [1, 4097] }, y: { data: Int32Array.of(0), shape: [1] } });
  expect(await evaluate(identity, data, { loss: (x) => mean(x) })).toMatchObject({ accuracy: 1, confusion: [] });
});

test('changes nothing, holds nothing and asks for no random numbers', async () => {
  const model = new Stateful(2, 2);
  const data = batches(batch([[1, 2], [3, 4]], [0, 1])); // prettier-ignore
  const writing: Model = {
    call(x: Tensor, context: Context) {
      context.update(model.mean, tensor([9, 9]));
      expect(context.training).toBe(false);
      return model.call(x, context);
    },
  };
  await evaluate(writing, data, { loss: crossEntropy });
  const before = [bitsOf(model), memory()];
  await evaluate(writing, data, { loss: crossEntropy });
  expect([bitsOf(model), memory()]).toEqual(before);

  const failing: Model = {
    call(x: Tensor, context: Context) {
      writing.call(x, context);
      throw new Error('after the update');
    },
  };
  await expect(evaluate(failing, data, { loss: crossEntropy })).rejects.toThrow('after the update');
  expect([bitsOf(model), memory()]).toEqual(before);
});

test('all examples, { x, y }, give what their batches give, and weights count', async () => {
  const examples = { x: [[1, 2], [3, 1], [0, 2]], y: [0, 1, 1] }; // prettier-ignore
  const model = new Linear(2, 2);
  const expected = await evaluate(model, fromArrays(examples, { shuffle: false }), { loss: crossEntropy });
  expect(expected.examples).toBe(3);
  expect(await evaluate(model, examples, { loss: crossEntropy })).toEqual(expected);
  const alone = await evaluate(model, { x: [[3, 1]], y: [1] }, { loss: softmaxCrossEntropy });
  const weighted = await evaluate(model, { ...examples, weight: [0, 2, 0] }, { loss: softmaxCrossEntropy });
  expect(weighted.loss).toBeCloseTo(alone.loss, 6); // float32 numbers of size 1
});

describe('what is refused', () => {
  const good = batch([[1, 2]], [0]);
  test.each([
    ['no data', batches(), {}, 'evaluate: the data is empty'],
    ['data that ends early', { ...batches(good), length: 2 }, {}, 'evaluate: the data ended after 1 of 2 batches'],
    [
      'a label that is no class',
      batches(good, batch([[1, 2]], [2])),
      {},
      "evaluate: batch 2: label 2 of example 0 is outside the model's 2 classes, 0 to 1",
    ],
    [
      'x and y of different lengths',
      batches({ ...good, y: { data: Int32Array.of(0, 1), shape: [2] } }),
      {},
      'evaluate: batch 1: x has 1 examples, y has 2',
    ],
    ['another number of classes', batches(good), { classes: 3 }, 'evaluate: the model tells 2 classes apart, not 3'],
  ])('%s', async (_, data, options, message) => {
    await expect(evaluate(new Linear(2, 2), data, { loss: crossEntropy, ...options })).rejects.toThrow(new TrainingError(message));
  });

  test('an aborted evaluation', async () => {
    await expect(evaluate(new Linear(2, 2), batches(good), { loss: crossEntropy, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
