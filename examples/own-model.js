// A model of your own: two paths see the image at two scales, and one layer reads both. A model is any object with `call`.

import { cpu } from '@sinapse/backend-cpu';
import { concat, randomKey, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { callChild, conv2d, dense, flatten, maxPool2d, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';

use(await cpu());

/** A path of convolutions: [batch, height, width, 1] to [batch, 588]. */
const path = (/** @type {number} */ kernelSize) =>
  sequential([
    conv2d({ filters: 6, kernelSize, padding: 'same', activation: 'relu' }),
    maxPool2d({ window: 2 }),
    conv2d({ filters: 12, kernelSize, padding: 'same', activation: 'relu' }),
    maxPool2d({ window: 2 }),
    flatten(),
  ]);

class TwoScales {
  fine = path(3);
  coarse = path(7);
  head = dense({ units: 10 });

  /** Makes the parameters for images of this shape. The name of each part makes its random numbers its own. */
  build(/** @type {readonly number[]} */ shape, /** @type {number} */ seed) {
    const key = randomKey(seed);
    const [fine = 0] = this.fine.build(shape, key.fold('fine'));
    const [coarse = 0] = this.coarse.build(shape, key.fold('coarse'));
    this.head.build([fine + coarse], key.fold('head'));
  }

  /**
   * @param {import('@sinapse/core').Tensor} x images, [batch, height, width, 1]
   * @param {import('@sinapse/core').Context} context whether this is training, and the random numbers of this step
   */
  call(x, context) {
    const fine = callChild('fine', this.fine, x, context);
    const coarse = callChild('coarse', this.coarse, x, context);
    return callChild('head', this.head, concat([fine, coarse], 1), context);
  }
}

const train = imageDataset(digits({ count: 2000, seed: 1 }))
  .shuffle(1)
  .batch(32);
const test = imageDataset(digits({ count: 500, seed: 1, split: 'test' })).batch(100);

const model = new TwoScales();
model.build([28, 28, 1], 1);
await fit(model, train, { optimizer: adam({ learningRate: 2e-3 }), loss: softmaxCrossEntropy, epochs: 2, callbacks: [progress()] });

export const { accuracy } = await evaluate(model, test, { loss: softmaxCrossEntropy });
console.log(`reads ${(100 * accuracy).toFixed(1)} % of unseen digits`);
