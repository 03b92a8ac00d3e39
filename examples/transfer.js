// What one task has taught helps with another: a network learns the digits 0 to 4. Its convolutions are then frozen, and a new last layer learns
// 5 to 9 from few examples.

import { cpu } from '@sinapse/backend-cpu';
import { parametersOf, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { conv2d, dense, flatten, maxPool2d, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit } from '@sinapse/training';

use(await cpu());

/**
 * Digits from `first` to `first + 4`, as the classes 0 to 4.
 * @param {number} first
 * @param {number} count of all ten digits, of which half are these
 * @param {'train' | 'test'} split
 */
function fiveDigits(first, count, split) {
  const all = digits({ count, seed: 1, split });
  const size = all.height * all.width;
  const chosen = [...all.labels.keys()].filter((i) => all.labels[i] >= first && all.labels[i] < first + 5);
  const images = new Uint8Array(chosen.length * size);
  chosen.forEach((from, to) => images.set(all.images.subarray(from * size, (from + 1) * size), to * size));
  return imageDataset({ ...all, images, labels: Int32Array.from(chosen, (i) => all.labels[i] - first) });
}

const features = sequential([
  conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
  maxPool2d({ window: 2 }),
  conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
  maxPool2d({ window: 2 }),
  flatten(),
]);
const [size = 0] = features.build([28, 28, 1], 1);

/** The features and a last layer of five classes. */
function withNewHead(/** @type {number} */ seed) {
  const head = dense({ units: 5 });
  head.build([size], seed);
  return sequential([features, head]);
}

const first = withNewHead(1);
const loss = softmaxCrossEntropy;
await fit(first, fiveDigits(0, 3000, 'train').shuffle(1).batch(32), { optimizer: adam({ learningRate: 2e-3 }), loss, epochs: 2, seed: 1 });

const kernels = parametersOf(features).map(({ cell }) => cell);
for (const kernel of kernels) kernel.trainable = false;
const before = await kernels[0].value.data();

const second = withNewHead(2);
await fit(second, fiveDigits(5, 200, 'train').shuffle(1).batch(16), { optimizer: adam({ learningRate: 5e-3 }), loss, epochs: 15, seed: 1 });

const after = await kernels[0].value.data();
export const frozen = after.every((value, i) => value === before[i]);
export const { accuracy } = await evaluate(second, fiveDigits(5, 1000, 'test').batch(100), { loss });
console.log(`reads ${(100 * accuracy).toFixed(1)} % of unseen digits from 5 to 9, after about 20 of each`);
