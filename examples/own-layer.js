// A layer of your own: the gated linear unit, (x V + c) · sigmoid(x W + b). Dauphin et al. 2017. A layer is any object with `type`, `build` and `call`.

import { cpu } from '@sinapse/backend-cpu';
import { linear, mul, randomKey, sigmoid, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { dense, flatten, formatSummary, initializers, makeParameter, sequential, summary } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';

use(await cpu());

class GatedLinear {
  type = 'gatedLinear';

  constructor(/** @type {number} */ units) {
    this.units = units;
  }

  /**
   * Makes the parameters, and returns the shape of the output. Both shapes are those of one example.
   * @param {readonly number[]} shape
   * @param {import('@sinapse/core').Seed} seed
   */
  build([inputs = 1], seed) {
    const key = randomKey(seed);
    this.value = makeParameter([inputs, this.units], initializers.glorotUniform, key.fold('value'));
    this.valueBias = makeParameter([this.units], initializers.zeros, key.fold('valueBias'));
    this.gate = makeParameter([inputs, this.units], initializers.glorotUniform, key.fold('gate'));
    this.gateBias = makeParameter([this.units], initializers.zeros, key.fold('gateBias'));
    return [this.units];
  }

  /** @param {import('@sinapse/core').Tensor} x [batch, inputs] */
  call(x) {
    if (!this.value || !this.gate) throw new Error('gatedLinear: build it first');
    const value = linear(x, this.value.value, this.valueBias?.value);
    const gate = sigmoid(linear(x, this.gate.value, this.gateBias?.value));
    return mul(value, gate);
  }
}

const train = imageDataset(digits({ count: 2000, seed: 1 }))
  .shuffle(1)
  .batch(32);
const test = imageDataset(digits({ count: 500, seed: 1, split: 'test' })).batch(100);

const model = sequential([flatten(), new GatedLinear(64), dense({ units: 10 })]);
model.build([28, 28, 1], 1);
console.log(formatSummary(summary(model, [28, 28, 1])));

await fit(model, train, { optimizer: adam({ learningRate: 2e-3 }), loss: softmaxCrossEntropy, epochs: 5, callbacks: [progress()] });
export const { accuracy } = await evaluate(model, test, { loss: softmaxCrossEntropy });
console.log(`reads ${(100 * accuracy).toFixed(1)} % of unseen digits`);
