// Learns to read handwritten digits, and says how well it reads ones that it has never seen. Run it with: npm start

import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit, progress } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

use(await cpu());

const train = imageDataset(digits({ count: 2000, seed: 1, split: 'train' }))
  .shuffle(1)
  .batch(32);
const test = imageDataset(digits({ count: 500, seed: 1, split: 'test' })).batch(100);

const model = lenet5();
model.build([28, 28, 1], 1);
await fit(model, train, {
  optimizer: adam({ learningRate: 2e-3 }),
  loss: softmaxCrossEntropy,
  epochs: 2,
  callbacks: [progress()],
});

const { accuracy } = await evaluate(model, test, { loss: softmaxCrossEntropy });
console.log(`reads ${(100 * accuracy).toFixed(1)} % of the digits that it has never seen`);
