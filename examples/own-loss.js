// A loss of your own: the pinball loss, whose best prediction is not the mean but a quantile. Koenker and Bassett 1978. A loss is any function of
// prediction and target that returns a scalar.

import { cpu } from '@sinapse/backend-cpu';
import { greater, maximum, mean, mul, randomNormal, randomUniform, sub, tensor, use } from '@sinapse/core';
import { dense, sequential } from '@sinapse/layers';
import { adam } from '@sinapse/optimizers';
import { fit, predict } from '@sinapse/training';

use(await cpu());

/** q e where the target is above the prediction by e, (1 - q) |e| where it is below. */
const pinball =
  (/** @type {number} */ q) =>
  (/** @type {import('@sinapse/core').Tensor} */ prediction, /** @type {import('@sinapse/core').Tensor} */ target) => {
    const e = sub(target, prediction);
    return mean(maximum(mul(e, q), mul(e, q - 1)));
  };

// How long a delivery takes: it grows with the distance, and so does its spread.
const distance = randomUniform([2000, 1], { seed: 1 });
const minutes = distance
  .mul(3)
  .add(1)
  .add(randomNormal([2000, 1], { seed: 2 }).mul(distance));
const all = { x: { data: await distance.data(), shape: [2000, 1] }, y: { data: await minutes.data(), shape: [2000, 1] } };
const data = {
  async *iterate() {
    yield all; // one batch of everything
  },
};

/** Fits a line that a share q of the deliveries stays below. */
async function lineAt(/** @type {number} */ q) {
  const model = sequential([dense({ units: 1 })]);
  model.build([1], 1);
  await fit(model, data, { optimizer: adam({ learningRate: 0.05 }), loss: pinball(q), epochs: 400 });
  return model;
}

/** @type {Record<number, number>} the share of deliveries that are faster than the line at q says */
export const below = {};
for (const q of [0.1, 0.5, 0.9]) {
  const { data: line, shape } = await predict(await lineAt(q), distance);
  below[q] = await mean(greater(tensor(line, { shape }), minutes).cast('float32')).item();
  console.log(`${(100 * below[q]).toFixed(1)} % are faster than the line at ${q}`);
}
