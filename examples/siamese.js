// A siamese network: one network looks at two images, and the distance between what it finds says whether they show the same digit.

import { cpu } from '@sinapse/backend-cpu';
import { abs, cast, equal, greater, mean, sub, use } from '@sinapse/core';
import { Dataset, digits } from '@sinapse/datasets';
import { connect, conv2d, dense, flatten, graph, input, maxPool2d, reshape, sequential } from '@sinapse/layers';
import { binaryCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit } from '@sinapse/training';

use(await cpu());

/** Every image with another one: in turn of the same digit and of any. */
function pairs(/** @type {number} */ count, /** @type {'train' | 'test'} */ split) {
  const { images, labels } = digits({ count, seed: 1, split });
  const pixels = (/** @type {number} */ i) => Float32Array.from(images.subarray(784 * i, 784 * (i + 1)), (v) => v / 255);
  return Array.from(labels, (label, i) => {
    let other = (i * 7919 + 1) % count;
    if (i % 2 === 0) while (labels[other] !== label) other = (other + 1) % count;
    return { x: { left: pixels(i), right: pixels(other) }, y: [label === labels[other] ? 1 : 0] };
  });
}

const found = [conv2d({ filters: 8, kernelSize: 5, activation: 'relu' }), maxPool2d(), flatten(), dense({ units: 32 })];
const tower = sequential([reshape([28, 28, 1]), ...found]);

/** @typedef {import('@sinapse/core').Tensor} Tensor @type {import('@sinapse/layers').Layer<readonly Tensor[], Tensor>} */
const distance = { type: 'distance', build: ([shape = []]) => shape, call: ([a = 0, b = 0]) => abs(sub(a, b)) };

const [left, right] = [input([784]), input([784])];
const same = connect([left.to(['tower', tower]), right.to(tower)], distance, dense({ units: 1 }));
const model = graph({ inputs: { left, right }, outputs: same });
model.build(model.inputShape, 1);

const train = Dataset.from(pairs(3000, 'train')).shuffle(1).batch(32);
await fit(model, train, { optimizer: adam({ learningRate: 2e-3 }), loss: binaryCrossEntropy, epochs: 6 });
/** @type {(logits: Tensor, is: Tensor) => Tensor} */
const agreement = (logits, is) => mean(cast(equal(greater(logits, 0), greater(is, 0)), 'float32'));
const measures = { loss: binaryCrossEntropy, metrics: { accuracy: agreement } };
export const { accuracy } = (await evaluate(model, Dataset.from(pairs(500, 'test')).batch(100), measures)).metrics;
console.log(`tells same from different in ${(100 * accuracy).toFixed(1)} % of unseen pairs`);
