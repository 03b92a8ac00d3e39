// Weights of examples and of classes in the loss.

import { reference } from '@sinapse/backend-reference';
import { double } from '@sinapse/backend-testkit';
import type { Backend } from '@sinapse/core';
import { mean, softmaxCrossEntropy as surprisal, tensor, use, withBackend } from '@sinapse/core';
import { meanSquaredError, softmaxCrossEntropy } from '@sinapse/layers/losses';
import { sgd } from '@sinapse/optimizers';
import { beforeEach, expect, test } from 'vitest';
import { untimed } from '../test/bits.ts';
import { Linear } from '../test/tiny.ts';
import type { Batch, BatchSource, FitOptions } from './index.ts';
import { decodeCheckpoint, encodeCheckpoint, evaluate, fit } from './index.ts';

beforeEach(() => void use(reference({ precision: 'float64' })));

const rows = [[1, 2], [-1, 0.5], [0.25, -3], [2, 2]]; // prettier-ignore
const labels = [0, 2, 1, 0];

/** A batch of the examples of these numbers, and their weights. */
function batchOf(numbers: readonly number[], weights?: readonly number[]): Batch {
  return {
    x: { data: Float32Array.from(numbers.flatMap((i) => rows[i]!)), shape: [numbers.length, 2] },
    y: { data: Int32Array.from(numbers, (i) => labels[i]!), shape: [numbers.length] },
    ...(weights && { weight: { data: Float32Array.from(weights), shape: [numbers.length] } }),
  };
}

const source = (...list: Batch[]): BatchSource => ({
  length: list.length,
  async *iterate({ skip = 0 }) {
    yield* await Promise.resolve(list.slice(skip));
  },
});

const settings = (changes: Partial<FitOptions> = {}): FitOptions => ({ optimizer: sgd({ learningRate: 0.5 }), loss: softmaxCrossEntropy, epochs: 1, ...changes }); // prettier-ignore

async function fitted(data: BatchSource, changes: Partial<FitOptions> = {}): Promise<{ kernel: number[]; loss: number }> {
  const model = new Linear(2, 3);
  const { history } = await fit(model, data, settings(changes));
  return { kernel: [...model.kernel.value.dataSync()], loss: history[0]!.loss };
}

function expectClose(one: { kernel: number[]; loss: number }, other: { kernel: number[]; loss: number }): void {
  one.kernel.forEach((value, i) => expect(value).toBeCloseTo(other.kernel[i]!, 12)); // some roundings of float64
  expect(one.loss).toBeCloseTo(other.loss, 12);
}

test('an example of weight 2 counts as two, and one of weight 0 not at all', async () => {
  const weighted = await fitted(source(batchOf([0, 1, 2], [2, 1, 0])));
  expectClose(weighted, await fitted(source(batchOf([0, 0, 1]))));
});

test('weights of classes are those of their examples', async () => {
  const classWeights = [1, 3, 0.5];
  const of = (numbers: readonly number[], own = numbers.map(() => 1)) => numbers.map((i, k) => classWeights[labels[i]!]! * own[k]!);
  expectClose(await fitted(source(batchOf([0, 1, 2])), { classWeights }), await fitted(source(batchOf([0, 1, 2], of([0, 1, 2])))));
  const both = await fitted(source(batchOf([0, 1, 2], [1, 2, 4])), { classWeights });
  expectClose(both, await fitted(source(batchOf([0, 1, 2], of([0, 1, 2], [1, 2, 4])))));
  const inLoss = await fitted(source(batchOf([0, 1, 2])), { loss: (output, target) => softmaxCrossEntropy(output, target, { classWeights }) }); // prettier-ignore
  expectClose(await fitted(source(batchOf([0, 1, 2])), { classWeights }), inLoss);
});

test('the loss of an epoch and of an evaluation is the weighted mean over all examples', async () => {
  const optimizer = sgd({ learningRate: 1e-30 });
  const list = [batchOf([0, 1], [3, 1]), batchOf([2, 3, 0], [0.5, 0, 2])];
  const { loss } = await fitted(source(...list), { optimizer });
  const model = new Linear(2, 3);
  const each = surprisal(model.call(tensor(rows)), tensor(labels, { dtype: 'int32' })).dataSync();
  const weights = [[0, 3], [1, 1], [2, 0.5], [3, 0], [0, 2]] as const; // prettier-ignore
  const expected = weights.reduce((sum, [i, w]) => sum + w * each[i]!, 0) / 6.5;
  expect(loss).toBeCloseTo(expected, 12);
  expect((await evaluate(model, source(...list), { loss: softmaxCrossEntropy })).loss).toBeCloseTo(expected, 12);
  // Batches without weights count each example as 1.
  const mixed = await fitted(source(list[0]!, batchOf([2])), { optimizer });
  expect(mixed.loss).toBeCloseTo((3 * each[0]! + each[1]! + each[2]!) / 5, 12);
});

test('a validation takes the weights of its examples, but not those of classes', async () => {
  const model = new Linear(2, 3);
  const validation = source(batchOf([0, 1], [1, 0]));
  const { history } = await fit(model, source(batchOf([0, 1])), settings({ classWeights: [1, 5, 9], validation }));
  expect(history[0]!.valLoss).toBeCloseTo((await evaluate(model, source(batchOf([0])), { loss: softmaxCrossEntropy })).loss, 12);
});

test('a late device tells the same, and a training is resumed in the middle of an epoch', async () => {
  const list = [batchOf([0, 1], [3, 1]), batchOf([2, 3], [0.5, 0]), batchOf([1, 2], [1, 2])];
  const run = async (backend: Backend, changes: Partial<FitOptions> = {}) =>
    withBackend(backend, () => ({ result: fit(new Linear(2, 3), source(...list), settings({ classWeights: [1, 2, 3], ...changes })) }))
      .result;
  const [here, there] = [await run(reference()), await run(double())];
  expect(untimed(there.history)).toEqual(untimed(here.history));
  const stop = { onStep: ({ step }: { step: number }, session: { stop(reason: string): void }) => void (step === 2 && session.stop('no')) };
  const half = await run(reference(), { callbacks: [stop] });
  const resume = decodeCheckpoint(encodeCheckpoint(await half.checkpoint()));
  expect(resume.running.weight).toBe(3 * 1 + 1 * 3 + 0.5 * 2 + 0); // own weight times that of the class
  expect(untimed((await run(reference(), { resume })).history)).toEqual(untimed(here.history));
});

test('weights may be a tensor', async () => {
  const { x, y } = batchOf([0, 1, 2]);
  expectClose(await fitted(source({ x, y, weight: tensor([2, 1, 0]) })), await fitted(source(batchOf([0, 0, 1]))));
});

test.each<[string, Batch, Partial<FitOptions>, string]>([
  ['a weight below 0', batchOf([0, 1], [1, -1]), {}, 'epoch 1, step 1: weight -1 of example 1: expected a number >= 0'],
  ['a NaN', batchOf([0, 1], [NaN, 1]), {}, 'epoch 1, step 1: weight NaN of example 0: expected a number >= 0'],
  ['too few weights', { ...batchOf([0, 1]), weight: { data: Float32Array.of(1), shape: [1] } }, {}, 'epoch 1, step 1: x has 2 examples, weight has 1'],
  ['a list of numbers', { ...batchOf([0, 1]), weight: [1, 2] as never }, {}, 'epoch 1, step 1: weight: expected a tensor, or { data, shape }'],
  ['a loss that takes none', batchOf([0], [1]), { loss: (output, target) => mean(surprisal(output, target)) }, 'the examples have weights, but the loss takes none'],
  ['weights of too few classes', batchOf([0, 1]), { classWeights: [1, 1] }, 'epoch 1, step 1: classWeights has 2 weights, none for class 2'],
  ['weights of classes for numbers', { ...batchOf([0]), y: { data: Float32Array.of(1, 2, 3), shape: [1, 3] } }, { classWeights: [1], loss: meanSquaredError }, 'epoch 1, step 1: classWeights are for class numbers as targets, integers [batch]'],
  ['weights of classes by name', batchOf([0]), { classWeights: { 0: 1 } as never }, 'fit: classWeights: expected a list of numbers >= 0, one for each class'],
])('%s: refused in one line', async (_, batch, changes, message) => {
  await expect(fitted(source(batch), changes)).rejects.toThrow(message);
}); // prettier-ignore
