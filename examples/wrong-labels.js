// Which labels are wrong? The examples whose own gradient is longest pull hardest against what the network has learnt from the others.

import { cpu } from '@sinapse/backend-cpu';
import { expandDims, norm, parametersOf, reshape, concat, scope, tensor, topK, use, valueAndGrad, vmap } from '@sinapse/core';
import { digits, imageDataset, preprocessImages } from '@sinapse/datasets';
import { dense, flatten, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit, progress } from '@sinapse/training';

/** @typedef {import('@sinapse/core').Tensor} Tensor */

use(await cpu());

// Every 40th label of 2000 is another digit than the one in the image.
const data = digits({ count: 2000, seed: 1 });
const isWrong = (/** @type {number} */ i) => i % 40 === 7;
const labels = data.labels.map((digit, i) => (isWrong(i) ? (digit + 3) % 10 : digit));

const model = sequential([flatten(), dense({ units: 64, activation: 'tanh' }), dense({ units: 10 })]);
model.build([28, 28, 1], 1);
const train = imageDataset({ ...data, labels }).shuffle(1).batch(32); // prettier-ignore
await fit(model, train, { optimizer: adam({ learningRate: 2e-3 }), loss: softmaxCrossEntropy, epochs: 8, callbacks: [progress()] });

const parameters = parametersOf(model).map(({ cell }) => cell);

/** The length of the gradient of one example: an image [28, 28, 1] and its label []. */
function gradientLength(/** @type {Tensor} */ image, /** @type {Tensor} */ label) {
  const loss = () => softmaxCrossEntropy(model.call(expandDims(image, 0)), expandDims(label, 0));
  const { gradients } = valueAndGrad(loss, parameters);
  return norm(concat(gradients.map((gradient) => reshape(gradient, [-1]))));
}

// `vmap` runs it for a hundred examples at once.
const { data: pixels, shape } = preprocessImages(data, { scale: 1 / 255 });
const images = tensor(pixels, { shape });
const lengths = [];
for (let begin = 0; begin < 2000; begin += 100) {
  const rows = [{ begin, end: begin + 100 }];
  lengths.push(scope(() => vmap(gradientLength)(images.slice(rows), tensor(Int32Array.from(labels)).slice(rows))));
}
const suspects = Array.from(await topK(concat(lengths), 50).indices.data());
export const found = suspects.filter(isWrong).length;
console.log(`of the 50 examples with the longest gradients, ${found} are among the 50 whose labels are wrong`);
