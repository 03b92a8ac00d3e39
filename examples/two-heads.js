// Two inputs and two outputs: the network sees an image and a number. It says which digit the image shows, and whether that is larger than the number.

import { cpu } from '@sinapse/backend-cpu';
import { argMax, cast, equal, greater, mean, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { concatenate, connect, conv2d, dense, flatten, graph, input, maxPool2d } from '@sinapse/layers';
import { binaryCrossEntropy, softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';

use(await cpu());

const [image, number] = [input([28, 28, 1]), input([1])];
const seen = image.to(conv2d({ filters: 8, kernelSize: 5 }), maxPool2d(), flatten(), dense({ units: 48, activation: 'relu' }));
const compared = connect([seen, number], concatenate(), dense({ units: 32, activation: 'relu' }));
const outputs = { digit: seen.to(dense({ units: 10 })), larger: compared.to(dense({ units: 1 })) };
const model = graph({ inputs: { image, number }, outputs });
model.build(model.inputShape, 1);

let asked = 0;
const questions = (/** @type {number} */ count, /** @type {'train' | 'test'} */ split) =>
  imageDataset(digits({ count, seed: 1, split })).map(({ x, y }) => {
    const number = (asked += 7) % 10;
    return { x: { image: x, number: [number / 10] }, y: { digit: y, larger: [y > number ? 1 : 0] } };
  });

/** @typedef {import('@sinapse/core').Tensor} Tensor @typedef {{ readonly digit: Tensor; readonly larger: Tensor }} Both */
const loss = (/** @type {Both} */ { digit, larger }, /** @type {Both} */ is) =>
  softmaxCrossEntropy(digit, is.digit).add(binaryCrossEntropy(larger, is.larger));
const share = (/** @type {Tensor} */ right) => mean(cast(right, 'float32'));
const metrics = {
  digit: (/** @type {Both} */ { digit }, /** @type {Both} */ is) => share(equal(argMax(digit, { axis: 1 }), is.digit)),
  larger: (/** @type {Both} */ { larger }, /** @type {Both} */ is) => share(equal(greater(larger, 0), greater(is.larger, 0))),
};

const train = questions(2000, 'train').batch(32);
await fit(model, train, { optimizer: adam({ learningRate: 2e-3 }), loss, epochs: 6, callbacks: [progress()] });
export const { digit, larger } = (await evaluate(model, questions(500, 'test').batch(100), { loss, metrics })).metrics;
console.log(`of unseen images, right about the digit: ${(100 * digit).toFixed(1)} %, about the comparison: ${(100 * larger).toFixed(1)} %`);
