// Sequences of different length from a dataset: `fit` and `train` give their lengths to the layer.

import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { Dataset, padded } from '@sinapse/datasets';
import { connect, dense, graph, input } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, train } from '@sinapse/training';
import { beforeAll, expect, test } from 'vitest';
import { gru } from './index.ts';

beforeAll(async () => void use(await cpu({ threads: 1 })));

/** Is the first value the greater one? The sequence ends with as many zeros as one likes. */
const examples = Array.from({ length: 24 }, (_, i) => ({
  x: Array.from({ length: 1 + (i % 4) }, (_, step) => [step === 0 ? (i % 2) - 0.5 : 0.1]),
  y: i % 2,
}));

/** Batches whose sequences are filled up by a value, with their lengths. */
const batches = (filler: number) => Dataset.from(examples).batch(5, { collate: padded(filler, { lengthsIn: 'x' }) });

/** A graph with an input for the lengths, which takes sequences of any length. */
function network() {
  const [x, lengths] = [input([4, 1]), input([])];
  const model = graph({
    inputs: [x, lengths],
    outputs: connect([x, lengths] as never, gru({ units: 4 }), dense({ units: 2 })),
  } as never);
  model.build([[4, 1], []] as never, 1);
  return model;
}

test('padding does not change a training, and a model of sequences learns from them', async () => {
  const results = [];
  for (const filler of [0, 99]) {
    const { history } = await train(network() as never, {
      data: batches(filler) as never,
      epochs: 15,
      optimizer: adam({ learningRate: 0.05 }),
    });
    results.push(history.map(({ loss }) => loss));
    expect(history.at(-1)!.accuracy).toBe(1);
  }
  expect(results[0]).toEqual(results[1]);
});

test('lengths beside x are refused', async () => {
  const bare = Dataset.from(examples).batch(4, { collate: padded() });
  await expect(evaluate(network() as never, bare as never, { loss: softmaxCrossEntropy })).rejects.toThrow(
    'nothing reads the field xLengths of the batch; further inputs go into x: { x: [x, xLengths], y }',
  );
});
