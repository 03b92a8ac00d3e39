// Where a network looks: the gradient of a digit's score with respect to the pixels is large where a pixel matters. Simonyan et al. 2013.

import { cpu } from '@sinapse/backend-cpu';
import { grad, scope, slice, tensor, use } from '@sinapse/core';
import { digits, imageDataset, preprocessImages } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit, progress } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

use(await cpu());

const model = lenet5();
model.build([28, 28, 1], 1);
const train = imageDataset(digits({ count: 2000, seed: 1 }))
  .shuffle(1)
  .batch(32);
await fit(model, train, { optimizer: adam({ learningRate: 2e-3 }), loss: softmaxCrossEntropy, epochs: 2, callbacks: [progress()] });

const unseen = digits({ count: 10, seed: 5, split: 'test' });
const { data, shape } = preprocessImages({ ...unseen, images: unseen.images.subarray(0, 784) }, { scale: 1 / 255 });
const image = tensor(data, { shape }); // [1, 28, 28, 1]
const digit = unseen.labels[0];

/** The logit of the digit for an image. */
const score = (/** @type {import('@sinapse/core').Tensor} */ pixels) => slice(model.call(pixels), [0, digit]);
const slope = scope(() => grad(score)(image));
const saliency = Float32Array.from(await slope.abs().data());

/** Draws an image with characters, one for two rows. */
function drawing(/** @type {ArrayLike<number>} */ values) {
  const most = Math.max(...Array.from(values));
  const shade = (/** @type {number} */ value) => ' .:-=+*#%@'[Math.min(9, Math.floor((10 * value) / most))];
  const rows = Array.from({ length: 14 }, (_, row) => Array.from({ length: 28 }, (_, column) => shade(values[56 * row + column])).join(''));
  return rows.join('\n');
}
console.log(`${drawing(data)}\na ${digit}; the pixels that matter:\n${drawing(saliency)}`);

// Moving the image along the gradient raises the score as the gradient says.
const step = 1e-2;
const moved = scope(() => image.add(slope.mul(step)));
export const rise = (await score(moved).item()) - (await score(image).item());
export const foreseen = step * saliency.reduce((sum, value) => sum + value * value, 0);
