// Training in a worker: the main thread stays free, and hears of each epoch. (In a page the same works with `new Worker(url, { type: 'module' })`.)

import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { encodeModel, evaluate, fit, openModel } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

/** The number of times that the main thread did something else meanwhile. */
export let turns = 0;
export let accuracy = 0;

if (isMainThread) {
  const clock = setInterval(() => turns++, 5);
  const bytes = await trainedElsewhere();
  clearInterval(clock);

  use(await cpu());
  const { model } = openModel(bytes, { lenet5 });
  const test = imageDataset(digits({ count: 500, seed: 1, split: 'test' })).batch(100);
  ({ accuracy } = await evaluate(model, test, { loss: softmaxCrossEntropy }));
  console.log(`reads ${(100 * accuracy).toFixed(1)} % of unseen digits; the main thread had ${turns} turns meanwhile`);
} else {
  use(await cpu());
  const model = lenet5();
  model.build([28, 28, 1], 1);
  const train = imageDataset(digits({ count: 2000, seed: 1 }))
    .shuffle(1)
    .batch(32);
  await fit(model, train, {
    optimizer: adam({ learningRate: 2e-3 }),
    loss: softmaxCrossEntropy,
    epochs: 2,
    callbacks: [{ onEpoch: ({ epoch, loss }) => parentPort?.postMessage({ epoch, loss }) }],
  });
  const bytes = await encodeModel(model);
  parentPort?.postMessage({ bytes }, [bytes.buffer]); // moved, not copied
}

/** Starts this file in a worker, and waits for the trained model. @returns {Promise<Uint8Array>} a model file */
function trainedElsewhere() {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url));
    worker.on('error', reject);
    worker.on('message', ({ bytes, epoch, loss }) => {
      if (bytes !== undefined) resolve(bytes);
      else console.log(`epoch ${epoch}: loss ${loss.toFixed(3)}`);
    });
  });
}
