// The Inception module of GoogLeNet: filters of several sizes see an image at once, and what they find stands side by side.

import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { branches, convNorm, dense, globalAvgPool2d, maxPool2d, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';

use(await cpu());

/** A convolution that keeps the size of the image, normalised as in later versions of the network. */
const conv = (/** @type {number} */ filters, /** @type {number} */ kernelSize) =>
  convNorm({ filters, kernelSize, padding: 'same', activation: 'relu' });

/** Figure 2b of Szegedy et al. 2015: convolutions of 1 by 1 make the larger ones cheap. It gives 5 n channels. */
const inception = (/** @type {number} */ n) =>
  branches({
    one: [conv(n, 1)],
    three: [conv(n, 1), conv(2 * n, 3)],
    five: [conv(n / 2, 1), conv(n, 5)],
    pool: [maxPool2d({ window: 3, strides: 1, padding: 'same' }), conv(n, 1)],
  });

const stem = convNorm({ filters: 12, kernelSize: 5, strides: 2, activation: 'relu' });
const model = sequential([stem, inception(8), maxPool2d(), inception(8), globalAvgPool2d(), dense({ units: 10 })]);

const train = imageDataset(digits({ count: 2000, seed: 1 }))
  .shuffle(1)
  .batch(32);
const test = imageDataset(digits({ count: 500, seed: 1, split: 'test' })).batch(100);
model.build([28, 28, 1], 1);
await fit(model, train, { optimizer: adam({ learningRate: 3e-3 }), loss: softmaxCrossEntropy, epochs: 3, callbacks: [progress()] });

export const { accuracy } = await evaluate(model, test, { loss: softmaxCrossEntropy });
console.log(`reads ${(100 * accuracy).toFixed(1)} % of unseen digits`);
