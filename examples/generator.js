// Data from a generator, made while the network learns: points of two spirals, which one straight line cannot tell apart. A source of data is any
// object whose `iterate` yields batches.

import { cpu } from '@sinapse/backend-cpu';
import { RandomStream, randomKey, use } from '@sinapse/core';
import { dense, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit } from '@sinapse/training';

use(await cpu());

/** Points of the spirals, never the same ones again. @returns {Generator<{ point: [number, number], spiral: number }>} */
function* points(/** @type {import('@sinapse/core').Seed} */ seed) {
  for (const random = new RandomStream(randomKey(seed)); ;) {
    const spiral = random.uniform() < 0.5 ? 0 : 1;
    const angle = 1 + 8 * random.uniform();
    const radius = angle / 9 + 0.02 * random.normal();
    yield { point: [radius * Math.cos(angle + spiral * Math.PI), radius * Math.sin(angle + spiral * Math.PI)], spiral };
  }
}

/** Batches of points: `steps` in each epoch. */
const spirals = (/** @type {number} */ steps, /** @type {string} */ name) => ({
  length: steps,
  async *iterate({ epoch = 1, skip = 0 } = {}) {
    for (let step = skip; step < steps; step++) {
      const x = { data: new Float32Array(64 * 2), shape: [64, 2] };
      const y = { data: new Int32Array(64), shape: [64] };
      const source = points(randomKey(1).fold(name).fold(epoch).fold(step)); // the same batch for the same step, so that a training can be resumed
      for (let i = 0; i < 64; i++) {
        const { point, spiral } = source.next().value;
        x.data.set(point, 2 * i);
        y.data[i] = spiral;
      }
      yield { x, y };
    }
  },
});

const model = sequential([dense({ units: 32, activation: 'relu' }), dense({ units: 32, activation: 'relu' }), dense({ units: 2 })]);
model.build([2], 1);
await fit(model, spirals(100, 'train'), { optimizer: adam({ learningRate: 0.01 }), loss: softmaxCrossEntropy, epochs: 8, seed: 1 });

export const { accuracy } = await evaluate(model, spirals(10, 'test'), { loss: softmaxCrossEntropy });
console.log(`tells the spirals apart in ${(100 * accuracy).toFixed(1)} % of unseen points`);
