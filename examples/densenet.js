// DenseNet: every layer sees what all layers before it have found, and adds a few channels of its own.

import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { avgPool2d, batchNorm, conv2d, convNorm, dense, denseConnection, globalAvgPool2d, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';

use(await cpu());

/** A layer of a dense block. Huang et al. 2017, section 3: normalisation and relu come before the convolution; it adds 8 channels. */
const layer = () =>
  denseConnection([batchNorm({ activation: 'relu' }), conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false })]);

/** Between two blocks: fewer channels, and a smaller image. */
const transition = (/** @type {number} */ filters) =>
  sequential([batchNorm({ activation: 'relu' }), conv2d({ filters, kernelSize: 1 }), avgPool2d()]);

const model = sequential([
  ['stem', convNorm({ filters: 8, kernelSize: 3, strides: 2, activation: 'relu' })],
  ['block1', sequential([layer(), layer(), layer()])],
  ['transition', transition(16)],
  ['block2', sequential([layer(), layer(), layer()])],
  batchNorm({ activation: 'relu' }),
  globalAvgPool2d(),
  ['classifier', dense({ units: 10 })],
]);

const train = imageDataset(digits({ count: 2000, seed: 1 }))
  .shuffle(1)
  .batch(32);
const test = imageDataset(digits({ count: 500, seed: 1, split: 'test' })).batch(100);
model.build([28, 28, 1], 1);
await fit(model, train, { optimizer: adam({ learningRate: 3e-3 }), loss: softmaxCrossEntropy, epochs: 2, callbacks: [progress()] });

export const { accuracy } = await evaluate(model, test, { loss: softmaxCrossEntropy });
console.log(`reads ${(100 * accuracy).toFixed(1)} % of unseen digits`);
