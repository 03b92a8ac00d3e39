// Mistakes that would change what a training does without a word: each is refused in one line that says what would be right.

import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { dense, sequential } from '@sinapse/layers';
import { meanSquaredError } from '@sinapse/layers/losses';
import { adam, sgd } from '@sinapse/optimizers';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { clusters, crossEntropy, Linear } from '../test/tiny.ts';
import type { TrainOptions } from './index.ts';
import { evaluate, fit, fromArrays, train } from './index.ts';
import { f1, logLoss, perplexity, precision } from './metrics/index.ts';
import { tensorBoard } from './node/index.ts';
import { crossValidate } from './selection/index.ts';

beforeAll(async () => void use(await cpu({ threads: 1 })));

const x = [[1, 2], [3, 4], [5, 6], [7, 8]]; // prettier-ignore
const y = [0, 1, 1, 0];
const batch = { x: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }, y: { data: Int32Array.of(0, 1), shape: [2] } };
const network = () => sequential([dense({ units: 2 })]);
const trained = (options: object) => train(network(), { epochs: 1, ...options });
const settings = { optimizer: sgd(), loss: crossEntropy, epochs: 1 };

test.each<[string, object, string]>([
  ['a misspelt field', { data: [{ ...batch, weights: batch.y }] }, 'epoch 1, step 1: nothing reads the field weights of the batch; did you mean weight?'],
  ['lengths beside x', { data: [{ ...batch, xLengths: batch.y }] }, 'nothing reads the field xLengths of the batch; further inputs go into x: { x: [x, xLengths], y }'],
  ['a misspelt field of the validation', { x, y, validation: { x, y, wieght: y } }, 'nothing reads the field wieght of the batch; did you mean weight?'],
  ['weights that are all 0', { x, y, weight: [0, 0, 0, 0] }, 'epoch 1, step 1: all weights of the batch are 0'],
  ['weights of classes that are all 0', { x, y, classWeights: [0, 0] }, 'train: classWeights: expected a list of numbers >= 0, one for each class, not all 0'],
  ['weights for too many classes', { x, y, classWeights: [1, 2, 3] }, "epoch 1, step 1: classWeights has 3 weights for the model's 2 classes"],
  ['batchSize beside data', { data: [batch], batchSize: 2 }, 'train: batchSize belongs to x and y'],
  ['shuffle beside data', { data: [batch], shuffle: true }, 'train: shuffle belongs to x and y'],
  ['weight beside data', { data: [batch], weight: [1, 1] }, 'train: weight belongs to x and y'],
  ['a bigint', { x, y: [0n, 1n, 1n, 0n] }, 'train: y: example 0 is the bigint 0n; Number(value) makes it a number'],
  ['bigints with a shape', { x, y: { data: BigInt64Array.of(0n, 1n, 1n, 0n), shape: [4] } }, 'train: y: expected numbers, got'],
  ['a metric that was not called', { x, y, metrics: { f1 } }, 'the metric f1: call it: f1()'],
])('train refuses %s', (_, options, message) => expect(trained(options)).rejects.toThrow(message)); // prettier-ignore

test('a field that is undefined is none; batchSize beside data is for a validation of arrays', async () => {
  const { history } = await trained({ data: [{ ...batch, weight: undefined, id: undefined }], validation: { x, y }, batchSize: 2 });
  expect(history[0]!.valLoss).toBeGreaterThan(0);
});

test('a weight for each answer of a model of one output is enough', () =>
  expect(train(sequential([dense({ units: 1 })]), { x, y, epochs: 1, classWeights: [1, 2, 3] })).rejects.toThrow(
    "epoch 1, step 1: classWeights has 3 weights for the model's 2 classes",
  ));

test('bytes as inputs are numbers from 0 to 255', async () => {
  const bytes = { data: Uint8Array.of(0, 255, 7, 128, 1, 2, 3, 4), shape: [4, 2] };
  const numbers = { data: Float32Array.from(bytes.data), shape: [4, 2] };
  const loss = async (inputs: TrainOptions['x'] & object) => (await trained({ x: inputs, y })).history[0]!.loss;
  expect(await loss(bytes)).toBe(await loss(numbers));
  for await (const { x } of fromArrays({ x: { ...bytes, dtype: 'uint8' }, y }).iterate({ epoch: 1 }))
    expect((x as { data: unknown }).data).toBeInstanceOf(Uint8Array); // ids, say
});

test('a step of your own reads x and y only, has its own loss, and names parts that have optimizers', async () => {
  const step = () => {
    throw new Error('not reached');
  };
  const one = { iterate: async function* () { yield { ...batch, weight: batch.y }; } }; // prettier-ignore
  await expect(fit({ net: new Linear(2, 2) }, one, { step, optimizer: sgd(), epochs: 1 } as never)).rejects.toThrow(
    'epoch 1, step 1: nothing reads the field weight of the batch',
  );
  await expect(fit(new Linear(5, 3), clusters(), { ...settings, step } as never)).rejects.toThrow(
    'fit: loss beside step is that of the validation',
  );
  const pair = { gen: new Linear(5, 3), critic: new Linear(5, 3, 2) };
  const trainsGen = (_: never, { minimize }: { minimize: (loss: () => unknown, part: string) => unknown }) =>
    minimize(() => undefined, 'gen');
  await expect(fit(pair, clusters(), { step: trainsGen, optimizer: adam(), epochs: 1 } as never)).rejects.toThrow(
    'the step trains "gen", but fit has one optimizer for the whole model; give one for each part: optimizer: { gen: adam(), … }',
  );
});

test('the log loss refuses probabilities that are none', async () => {
  const given = (scores: number[], units: number) => ({
    length: 1,
    iterate: async function* () {
      const examples = scores.length / units;
      yield { x: { data: Float32Array.from(scores), shape: [examples, units] }, y: { data: new Int32Array(examples), shape: [examples] } };
    },
  });
  const same = { call: (x: never) => x };
  const measured = (scores: number[], units: number, metric: object) =>
    evaluate(same as never, given(scores, units) as never, { loss: ((output: { mean(): unknown }) => output.mean()) as never, metrics: { metric } as never }); // prettier-ignore
  for (const [metric, owner] of [
    [logLoss({ from: 'probabilities' }), 'logLoss'],
    [perplexity({ from: 'probabilities' }), 'perplexity'],
  ] as const)
    // prettier-ignore
    for (const [scores, units, wrong] of [[[0.5, 3.5], 2, 3.5], [[-1.5, 2], 2, -1.5], [[-0.5, 0.5], 1, -0.5]] as const) // prettier-ignore
      await expect(measured([...scores], units, metric)).rejects.toThrow(
        `${owner}: from: 'probabilities', but the model gives ${wrong}, which is outside 0 to 1; for logits leave from out`,
      );
  const { metrics } = await measured([0.25, 0.75, 1, 0], 2, logLoss({ from: 'probabilities' }));
  expect((metrics as unknown as { metric: number }).metric).toBeCloseTo(Math.log(4) / 2, 6);
});

test('a class has no average', () =>
  expect(() => precision({ average: 'macro', class: 1 })).toThrow('precision: takes average or class, not both'));

test('cross-validation refuses one model for all folds, and takes lists of numbers', async () => {
  const options = { optimizer: () => sgd(), loss: meanSquaredError, epochs: 1 };
  const data = { x, y: [[1], [2], [3], [4]] };
  const make = () => {
    const model = sequential([dense({ units: 1 })]);
    model.build([2]);
    return model;
  };
  const same = make();
  await expect(crossValidate(() => same, data, { ...options, folds: 2 })).rejects.toThrow(
    'crossValidate: makeModel gave the same model twice',
  );
  const [rows, typed] = [
    { train: [0, 1], test: [2] },
    { train: Int32Array.of(0, 1), test: Int32Array.of(2) },
  ];
  const found = await crossValidate(make, data, { ...options, folds: [rows] });
  expect(found.folds[0]!.rows).toEqual(typed);
  expect(found.loss).toEqual({ mean: found.folds[0]!.test.loss, deviation: 0 });
  expect(found.loss).toEqual((await crossValidate(make, data, { ...options, folds: [typed] })).loss);
  await expect(crossValidate(make, data, { ...options, folds: [{ train: [0, 0.5], test: [2] }] })).rejects.toThrow(
    'folds[0]: train: example 0.5',
  );
});

test('a log whose folder is a file says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sinapse-refusals-'));
  try {
    const file = join(folder, 'runs');
    writeFileSync(file, '');
    await expect(fit(new Linear(5, 3), clusters(), { ...settings, callbacks: [tensorBoard(file)] })).rejects.toThrow(
      `write ${file}: there is a file of this name`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
