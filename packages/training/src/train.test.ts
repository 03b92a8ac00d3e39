// The plain entry: arrays in, a trained model out.

import { cpu } from '@sinapse/backend-cpu';
import { SinapseError, randomKey, RandomStream, tensor, use } from '@sinapse/core';
import { concatenate, connect, dense, graph, input, sequential } from '@sinapse/layers';
import { meanSquaredError, softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam, sgd } from '@sinapse/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { bitsOf } from '../test/tiny.ts';
import { untimed } from '../test/bits.ts';
import type { TrainOptions } from './index.ts';
import { fit, fromArrays, fromGenerator, predict, train } from './index.ts';

beforeAll(async () => void use(await cpu({ threads: 1 })));

const corners = [[0, 0], [0, 1], [1, 0], [1, 1]]; // prettier-ignore

/** Points around three centres, and the number of the centre. */
function clouds(count: number) {
  const random = new RandomStream(randomKey(1));
  const y = Array.from({ length: count }, (_, i) => i % 3);
  return { x: y.map((label) => [Math.cos(2 * label) + 0.2 * random.normal(), Math.sin(2 * label) + 0.2 * random.normal()]), y };
}

const network = (units: number, activation?: 'softmax' | 'sigmoid') =>
  sequential([dense({ units: 16, activation: 'tanh' }), dense({ units, ...(activation && { activation }) })]);

describe('it learns', () => {
  test('classes, and builds the model, splits off a validation set, and chooses loss and optimizer', async () => {
    const model = network(3);
    const { history } = await train(model, { ...clouds(150), validation: 0.2, epochs: 12, optimizer: adam({ learningRate: 0.02 }) });
    expect(history[0]!.examples).toBe(120);
    expect(history.at(-1)!.valAccuracy).toBeGreaterThan(0.9);
  });

  test.each<[string, 'softmax' | undefined, 'numbers' | 'rows']>([
    ['softmax', 'softmax', 'numbers'],
    ['softmax and one-hot rows', 'softmax', 'rows'],
    ['one-hot rows', undefined, 'rows'],
  ])('classes by %s', async (_, activation, kind) => {
    const { x, y } = clouds(90);
    const targets = kind === 'numbers' ? y : y.map((label) => [0, 1, 2].map((each) => Number(each === label)));
    const { history } = await train(network(3, activation), { x, y: targets, epochs: 10, optimizer: adam({ learningRate: 0.02 }) });
    // The cross-entropy in nats; the mean squared error of one-hot rows would begin at about 1/3.
    expect(history[0]!.loss).toBeGreaterThan(0.6);
    expect(history.at(-1)!.loss).toBeLessThan(0.3);
  });

  test.each<[string, unknown, 'sigmoid' | undefined]>([
    ['0 and 1', [0, 1, 1, 0], undefined],
    ['booleans', [false, true, true, false], undefined],
    ['rows of one', [[0], [1], [1], [0]], 'sigmoid'],
  ])('XOR, with answers as %s', async (_, y, activation) => {
    const model = network(1, activation);
    await train(model, { x: corners, y: y as number[], epochs: 60, optimizer: adam({ learningRate: 0.1 }) });
    const { data } = await predict(model, tensor(corners));
    expect([...data].map((value) => value > (activation === undefined ? 0 : 0.5))).toEqual([false, true, true, false]);
  });

  test('a curve from two typed arrays', async () => {
    const x = Float32Array.from({ length: 64 }, (_, i) => i / 32 - 1);
    const { history } = await train(network(1), { x, y: x.map((value) => Math.sin(3 * value)), epochs: 100, batchSize: 16, optimizer: adam({ learningRate: 0.02 }) }); // prettier-ignore
    expect(history.at(-1)!.loss).toBeLessThan(0.005);
  });

  test('a model of two inputs, with a loss of its own', async () => {
    const [a, b] = [input([1]), input([1])];
    const model = graph({ inputs: { a, b }, outputs: connect([a.to(dense({ units: 4 })), b], concatenate(), dense({ units: 1 })) });
    const { history } = await train(model, { x: { a: [1, 2, 3], b: [3, 2, 1] }, y: [[5], [6], [7]], epochs: 60, loss: meanSquaredError, optimizer: sgd({ learningRate: 0.05 }) }); // prettier-ignore
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss / 20);
  });
});

test('it is fit: the same bits', async () => {
  const { x, y } = clouds(40);
  const built = () => {
    const model = network(3);
    model.build([2], 7);
    return model;
  };
  const [plain, usual] = [network(3), built()];
  const one = await train(plain, { x, y, epochs: 2, seed: 7, batchSize: 16 });
  const other = await fit(usual, fromArrays({ x, y }, { batchSize: 16, seed: 7 }), { optimizer: adam(), loss: softmaxCrossEntropy, epochs: 2, seed: 7 }); // prettier-ignore
  expect(untimed(one.history)).toEqual(untimed(other.history));
  expect(bitsOf(plain)).toEqual(bitsOf(usual));
});

test('classes may be balanced, and examples weighted', async () => {
  const random = new RandomStream(randomKey(3));
  const y = Array.from({ length: 400 }, (_, i) => Number(i % 20 === 0)); // one in twenty, and the classes overlap
  const x = y.map((label) => [2 * label + random.normal()]);
  const found = async (options: Partial<TrainOptions>) => {
    const model = sequential([dense({ units: 2 })]);
    await train(model, { x, y, epochs: 20, batchSize: 100, optimizer: adam({ learningRate: 0.2 }), ...options });
    const { data } = await predict(model, tensor(x));
    return y.filter((label, i) => label === 1 && data[2 * i + 1]! > data[2 * i]!).length;
  };
  // The most likely class changes at 1 + ln(19) / 2, beyond which lie 6 of 20 such examples; at 1, beyond which lie 17, if both weigh the same.
  const balanced = await found({ classWeights: 'balanced' });
  expect(balanced).toBeGreaterThan((await found({})) + 5);
  expect(await found({ weight: y.map((label) => (label === 1 ? 10 : 20 / 38)) })).toBe(balanced);
});

test('a loss and metrics of its own are typed by the model', async () => {
  const model = network(1);
  const { history } = await train(model, {
    x: [1, 2, 3],
    y: [[1], [2], [3]],
    epochs: 1,
    loss: (output, target) => output.sub(target).abs().mean(),
    metrics: { largest: (output) => output.abs().max() },
  });
  expect(history[0]!.metrics).toHaveProperty('largest');
});

test('batches come in any form', async () => {
  const { x, y } = clouds(8);
  const batch = { x: { data: Float32Array.from(x.flat()), shape: [8, 2] }, y: { data: Int32Array.from(y), shape: [8] } };
  const endless = function* () {
    for (;;) yield batch;
  };
  const stream = () => new ReadableStream({ pull: (controller) => controller.enqueue(batch) });
  await expect(train(network(3), { data: endless() as never })).rejects.toThrow('train: build the model first, model.build(inputShape): data that can be read only once'); // prettier-ignore
  for (const data of [endless, endless(), stream(), stream]) {
    const model = network(3);
    if (data !== endless) model.build([2]);
    const { history } = await train(model, { data: data as never, stepsPerEpoch: 3, epochs: 2, validation: [batch] as never });
    expect(history.map(({ examples }) => examples)).toEqual([24, 24]);
    expect(history[0]!.valLoss).toBeGreaterThan(0);
  }
  const { history } = await train(network(3), { data: fromGenerator([batch]), epochs: 1, validation: { x, y } });
  expect(history[0]!.valAccuracy).toBeGreaterThanOrEqual(0);
});

test.each<[string, TrainOptions, string]>([
  ['no options', undefined as never, 'train: options: expected an object, got undefined'],
  ['nothing', {}, 'train: expected x and y, or data; x is missing'],
  ['no targets', { x: corners }, 'train: expected x and y, or data; y is missing'],
  ['batches of nothing', { data: [] }, 'train: the data is empty'],
  ['a list of numbers as batches', { data: [1, 2] as never }, 'train: batch 1: x: expected a tensor'],
  ['both', { x: corners, data: [] }, 'train: expected x and y, or data, not both'],
  ['different lengths', { x: corners, y: [0, 1] }, 'train: x has 4 examples, y has 2'],
  ['texts', { x: corners, y: ['a', 'b', 'a', 'b'] as never }, 'train: y: example 0 is "a"; texts are given as numbers'],
  ['a NaN', { x: [[0, NaN]], y: [0] }, 'train: x: example 0 holds NaN'],
  ['balanced quantities', { x: corners, y: [0.5, 1, 1, 0], classWeights: 'balanced' }, "train: classWeights: 'balanced' is for class numbers as y, one for each example"],
  ['weights of other examples', { x: corners, y: [0, 1, 1, 0], weight: [1, 2] }, 'train: x has 4 examples, weight has 2'],
  ['classes without a weight', { x: corners, y: [0, 1, 2, 0], classWeights: [1, 1] }, 'epoch 1, step 1: classWeights has 2 weights, none for class 2'],
  ['a share of 1', { x: corners, y: [0, 1, 1, 0], validation: 1 }, 'train: validation: expected a number between 0 and 1, all examples, { x, y }, or batches'],
  ['a share of one example', { x: [[1]], y: [1], validation: 0.5 }, 'train: 1 example cannot be split in two'],
  ['a share of batches', { data: [], validation: 0.5 }, 'train: validation: a share can be taken of x and y only; give other batches'],
  ['steps of arrays', { x: corners, y: [0, 1, 1, 0], stepsPerEpoch: 5 }, 'train: stepsPerEpoch belongs to data; of x and y, an epoch takes all examples'],
  ['an option misspelt', { x: corners, y: [0], epoch: 3 } as never, 'train: epoch is no option; did you mean epochs?'],
  ['a label too large', { x: corners, y: [0, 1, 2, 5] }, 'is outside the model'],
  ['a target of another shape', { x: corners, y: [[0.5, 2, 3, 1], [0, 0, 0, 0.1], [1, 1, 1, 1], [2, 2, 2, 2]] }, "meanSquaredError: the target must have the prediction's shape [4,3], got [4,4]"],
])('%s: refused in one line', async (_, options, message) => {
  const error: unknown = await train(network(3), options).then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(SinapseError);
  expect((error as Error).message).toContain(message);
  expect((error as Error).message).not.toContain('\n');
}); // prettier-ignore

test('several outputs need a loss', async () => {
  const a = input([2]);
  const model = graph({ inputs: a, outputs: { one: a.to(dense({ units: 1 })), two: a.to(dense({ units: 1 })) } });
  const running = train(model, { x: corners, y: { one: [1, 2, 3, 4], two: [1, 2, 3, 4] } });
  await expect(running).rejects.toThrow('train: a model of several outputs needs a loss of its own: loss: (output, target) => …');
});
