// Data from a generator, made while the network learns: points of two spirals, which no straight line can tell apart.

import { cpu } from '@sinapse/backend-cpu';
import { RandomStream, randomKey, use } from '@sinapse/core';
import { Dataset } from '@sinapse/datasets';
import { dense, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';

use(await cpu());

/** Points of the spirals without end, and the number of the spiral of each. */
function* points(/** @type {import('@sinapse/core').Seed} */ seed) {
  const random = new RandomStream(randomKey(seed));
  for (;;) {
    const spiral = random.below(2);
    const angle = 1 + 8 * random.uniform();
    const radius = angle / 9 + 0.02 * random.normal();
    yield { x: [radius * Math.cos(angle + spiral * Math.PI), radius * Math.sin(angle + spiral * Math.PI)], y: spiral };
  }
}

// The function is called for each epoch. The seed contains its number, so every epoch has points of its own, and the same ones in every run.
const train = Dataset.from((epoch) => points(randomKey(1).fold(epoch)))
  .take(6400)
  .batch(64);
const test = Dataset.from(() => points(2))
  .take(1000)
  .batch(100);

const model = sequential([dense({ units: 32, activation: 'relu' }), dense({ units: 32, activation: 'relu' }), dense({ units: 2 })]);
model.build([2], 1);
await fit(model, train, { optimizer: adam({ learningRate: 0.01 }), loss: softmaxCrossEntropy, epochs: 8, callbacks: [progress()] });

export const { accuracy } = await evaluate(model, test, { loss: softmaxCrossEntropy });
console.log(`tells the spirals apart in ${(100 * accuracy).toFixed(1)} % of unseen points`);
