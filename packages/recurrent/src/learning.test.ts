// Small tasks that need a memory. The longer ones are in the full tier.

import { cpu } from '@sinapse/backend-cpu';
import type { Backend, Parameter, Tensor } from '@sinapse/core';
import {
  Context,
  RandomStream,
  mean,
  norm,
  parametersOf,
  randomKey,
  scope,
  sigmoid,
  slice,
  square,
  sub,
  tensor,
  use,
  valueAndGrad,
} from '@sinapse/core';
import { addingProblem, copyTask, digits, imageDataset } from '@sinapse/datasets';
import { loadSplit } from '@sinapse/datasets/node';
import { avgPool2d, dense, embedding, globalAvgPool2d, reshape as reshaped, sequential } from '@sinapse/layers';
import type { Layer } from '@sinapse/layers';
import { binaryCrossEntropy, softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit } from '@sinapse/training';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gru, lstm, multiDimensionalLstm, sequenceCrossEntropy, simpleRnn } from './index.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';
const data = process.env['SINAPSE_DATA'];

let backend: Backend;
beforeAll(async () => void (backend = use(await cpu())));
afterAll(() => backend.close());

const cellsOf = (model: object): Parameter[] => parametersOf(model).map(({ cell }) => cell);

/** Trains on batches that are made for each step. Returns the mean loss of the last twenty. */
function train(model: object, lossOf: (step: number) => Tensor, steps: number, learningRate: number): number {
  const cells = cellsOf(model);
  const optimizer = adam({ learningRate });
  const last: number[] = [];
  for (let step = 1; step <= steps; step++) {
    scope(() => {
      const { value, gradients } = valueAndGrad(() => lossOf(step), cells);
      optimizer.step(cells, gradients);
      if (step > steps - 20) last.push(value.dataSync()[0]!);
    });
  }
  return last.reduce((a, b) => a + b) / last.length;
}

describe('the adding problem', () => {
  // Always answering 1 has the error 1/6.
  const length = full ? 100 : 30;
  test('is solved by an LSTM, and not by a simple recurrent network, which does not feel the first steps', () => {
    const [remembering, simple] = [modelOf(lstm({ units: 24 })), modelOf(simpleRnn({ units: 24 }))];
    expect(learn(remembering, full ? 1500 : 450)).toBeLessThan(0.01);
    expect(learn(simple, full ? 1500 : 150)).toBeGreaterThan(0.1);
    expect(reach(remembering)).toBeGreaterThan(20 * reach(simple));
  });
  test.runIf(full)('of length 100 is solved by a GRU in 300 steps', () => {
    expect(learn(modelOf(gru({ units: 24 })), 300)).toBeLessThan(0.005);
  });

  function modelOf(layer: Layer): Layer {
    const model = sequential([layer, dense({ units: 1 })]);
    model.build([length, 2], 1);
    return model;
  }

  const errorOf = (model: Layer, x: Tensor, seed: number): Tensor => {
    const { y } = addingProblem({ length, count: 32, seed });
    return mean(square(sub(model.call(x, new Context()), tensor(y.data, { shape: y.shape }))));
  };
  const inputsOf = (seed: number): Tensor => {
    const { x } = addingProblem({ length, count: 32, seed });
    return tensor(x.data, { shape: x.shape });
  };

  function learn(model: Layer, steps: number): number {
    return train(model, (step) => errorOf(model, inputsOf(step), step), steps, 0.02);
  }

  /** The norm of the gradient by the first third of the steps, relative to that by the last third. */
  function reach(model: Layer): number {
    return scope(() => {
      const { gradients } = valueAndGrad((x: Tensor) => errorOf(model, x, 7), [inputsOf(7)]);
      const third = Math.floor(length / 3);
      const within = (begin: number, end: number): number => norm(slice(gradients[0]!, [null, { begin, end }])).dataSync()[0]!;
      return within(0, third) / within(length - third, length);
    });
  }
});

test('parity with sequences of different length', () => {
  const [time, batch] = [6, 64];
  const layer = gru({ units: 16 });
  const head = dense({ units: 1 });
  layer.build([time, 1], 2);
  head.build([16], 3);
  const logitsOf = (bits: Float32Array, lengths: readonly number[]): Tensor => {
    const { last } = layer.run(tensor(bits, { shape: [lengths.length, time, 1] }), { lengths });
    return head.call(last);
  };
  const random = new RandomStream(randomKey(5));
  const drawn = () => {
    const lengths = Array.from({ length: batch }, () => 1 + random.below(time));
    const bits = Float32Array.from({ length: batch * time }, () => random.below(2));
    const odd = lengths.map((length, i) => bits.slice(i * time, i * time + length).reduce((a, b) => a + b, 0) % 2);
    return { lengths, bits, odd };
  };
  const lossOf = (): Tensor => {
    const { lengths, bits, odd } = drawn();
    return binaryCrossEntropy(logitsOf(bits, lengths), tensor(odd, { shape: [batch, 1] }));
  };
  train({ layer, head }, lossOf, 400, 0.02);
  const { lengths, bits, odd } = drawn();
  const right = scope(() => [...sigmoid(logitsOf(bits, lengths)).dataSync()].filter((p, i) => (p > 0.5 ? 1 : 0) === odd[i]).length);
  expect(right / batch).toBeGreaterThan(0.95);
});

test('symbols are kept in mind and repeated', () => {
  const [length, delay, symbols] = full ? [4, 20, 8] : [2, 5, 4];
  const steps = delay + 2 * length + 1;
  const model = sequential([
    embedding({ inputDim: symbols + 2, outputDim: 8 }),
    gru({ units: 40, returnSequences: true }),
    dense({ units: symbols + 1 }),
  ]);
  model.build([steps], 1);
  const batchOf = (seed: number) => {
    const { x, y } = copyTask({ length, delay, symbols, count: 64, seed });
    return [x, y].map(({ data: values, shape }) => tensor(values as Int32Array, { shape })) as [Tensor, Tensor];
  };
  train(model, (step) => sequenceCrossEntropy(model.call(batchOf(step)[0]), batchOf(step)[1]), full ? 1500 : 240, full ? 0.01 : 0.03);
  const repeated = scope(() => {
    const [x, y] = batchOf(100_000);
    const answers = model.call(x).argMax({ axis: -1 }).dataSync();
    const wanted = [...y.dataSync()];
    return wanted.reduce((right, symbol, i) => right + (i % steps >= steps - length && answers[i] === symbol ? 1 : 0), 0) / (64 * length);
  });
  expect(repeated).toBeGreaterThan(0.9); // 0.25 by chance
});

test.skipIf(!full)('digits are read from four corners by a multi-dimensional LSTM (needs the full tier)', () => {
  const [count, steps] = [2048, 500];
  const set = (size: number, split: 'train' | 'test'): { images: Tensor; labels: Tensor } => {
    const { images, labels } = digits({ count: size, seed: 1, split });
    const pixels = tensor(
      Float32Array.from(images, (value) => value / 255),
      { shape: [size, 28, 28, 1] },
    );
    return { images: pixels, labels: tensor(Int32Array.from(labels)) };
  };
  const model = sequential([avgPool2d({ window: 4 }), multiDimensionalLstm({ units: 10 }), globalAvgPool2d(), dense({ units: 10 })]);
  model.build([28, 28, 1], 1);
  const { images, labels } = set(count, 'train');
  const batch = 64;
  const lossOf = (step: number): Tensor => {
    const begin = (step * batch) % count;
    const rows = (x: Tensor): Tensor => slice(x, [{ begin, end: begin + batch }]);
    return softmaxCrossEntropy(model.call(rows(images)), rows(labels));
  };
  train(model, lossOf, steps, 0.02);
  const unseen = set(200, 'test');
  const answers = scope(() => model.call(unseen.images).argMax({ axis: -1 }).dataSync());
  const accuracy = [...unseen.labels.dataSync()].reduce((right, label, i) => right + (answers[i] === label ? 1 / 200 : 0), 0);
  expect(accuracy).toBeGreaterThan(0.85); // 0.1 by chance
});

describe.skipIf(!full)('in the full tier', () => {
  test.skipIf(data === undefined)(
    'the rows of MNIST, read by an LSTM, are told apart to 97 % in three epochs (needs the MNIST files)',
    async () => {
      const options = { dir: data! };
      const [train_, test_] = [await loadSplit('mnist', 'train', options), await loadSplit('mnist', 'test', options)] as const;
      const model = sequential([reshaped([28, 28]), lstm({ units: 96 }), dense({ units: 10 })]);
      model.build([28, 28, 1], 1);
      const batches = ({ images, preprocessing }: typeof train_) => imageDataset(images, preprocessing).shuffle(1).batch(128);
      await fit(model, batches(train_), { optimizer: adam({ learningRate: 2e-3 }), loss: softmaxCrossEntropy, epochs: 3, seed: 1 });
      const { accuracy } = await evaluate(model, batches(test_), { loss: softmaxCrossEntropy, classes: 10 });
      expect(accuracy).toBeGreaterThanOrEqual(0.97);
    },
  );
});
