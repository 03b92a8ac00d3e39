// What one task has taught helps with another: a network learns the digits 0 to 4. Its convolutions are then frozen, and a new last layer learns
// 5 to 9 from few examples.

import { cpu } from '@sinapse/backend-cpu';
import { freeze, parametersOf, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { conv2d, dense, flatten, maxPool2d, replaceLayer, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';

use(await cpu());

/**
 * Digits from `first` to `first + 4`, as the classes 0 to 4.
 * @param {number} first
 * @param {number} count of all ten digits, of which half are these
 * @param {'train' | 'test'} split
 */
const fiveDigits = (first, count, split) =>
  imageDataset(digits({ count, seed: 1, split }))
    .filter(({ y }) => y >= first && y < first + 5)
    .map(({ x, y }) => ({ x, y: y - first }));

const first = sequential([
  conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
  maxPool2d({ window: 2 }),
  conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
  maxPool2d({ window: 2 }),
  flatten(),
  ['head', dense({ units: 5 })],
]);
first.build([28, 28, 1], 1);
const zeroToFour = fiveDigits(0, 3000, 'train').shuffle(1, { buffer: 500 }).batch(32);
const loss = softmaxCrossEntropy;
await fit(first, zeroToFour, { optimizer: adam({ learningRate: 2e-3 }), loss, epochs: 2, callbacks: [progress()] });

const second = replaceLayer(first, 'head', dense({ units: 5 }), { seed: 2 });
freeze(second, 'conv*');
const [kernel] = parametersOf(second).map(({ cell }) => cell);
const before = await kernel.value.data();
const fiveToNine = fiveDigits(5, 200, 'train').shuffle(1, { buffer: 100 }).batch(16);
await fit(second, fiveToNine, { optimizer: adam({ learningRate: 5e-3 }), loss, epochs: 15 });

const after = await kernel.value.data();
export const frozen = after.every((value, i) => value === before[i]);
export const { accuracy } = await evaluate(second, fiveDigits(5, 1000, 'test').batch(100), { loss });
console.log(`reads ${(100 * accuracy).toFixed(1)} % of unseen digits from 5 to 9, after about 20 of each`);
