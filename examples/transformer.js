// A small transformer that reads a row of digits and writes it backwards: for each position it must learn which other one to look at.

import { cpu } from '@sinapse/backend-cpu';
import { RandomStream, randomKey, use } from '@sinapse/core';
import { Dataset } from '@sinapse/datasets';
import { dense, embedding, layerNorm, multiHeadAttention, positionalEncoding, residual, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';

use(await cpu());

const LENGTH = 8;
const FEATURES = 32;

/** Rows of digits without end, and the same rows backwards. */
function* rows(/** @type {import('@sinapse/core').Seed} */ seed) {
  const random = new RandomStream(randomKey(seed));
  for (;;) {
    const digits = Array.from({ length: LENGTH }, () => random.below(10));
    yield { x: Int32Array.from(digits), y: Int32Array.from(digits.toReversed()) };
  }
}

/** Attention, then two dense layers for each position by itself; each adds to its input. Vaswani et al. 2017, with the norms before. */
const encoder = () =>
  sequential([
    residual([layerNorm(), multiHeadAttention({ numHeads: 2, keyDim: FEATURES / 2 })]),
    residual([layerNorm(), dense({ units: 2 * FEATURES, activation: 'gelu' }), dense({ units: FEATURES })]),
  ]);

const model = sequential([
  embedding({ inputDim: 10, outputDim: FEATURES }),
  positionalEncoding(),
  ['block1', encoder()],
  ['block2', encoder()],
  layerNorm(),
  dense({ units: 10 }),
]);
model.build([LENGTH], 1);

const train = Dataset.from((epoch) => rows(randomKey(1).fold(epoch)))
  .take(6400)
  .batch(64);
const test = Dataset.from(() => rows(2))
  .take(500)
  .batch(100);
await fit(model, train, { optimizer: adam({ learningRate: 3e-3 }), loss: softmaxCrossEntropy, epochs: 3, callbacks: [progress()] });

export const { accuracy } = await evaluate(model, test, { loss: softmaxCrossEntropy });
console.log(`writes ${(100 * accuracy).toFixed(1)} % of the digits of unseen rows right`);
