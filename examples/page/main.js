// Saving and loading in a page. The first visit trains a network and keeps it in the browser; later visits load it. It can also be downloaded,
// and a file loaded. The bytes are those of a model file on disk, so Node reads them too.

import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { encodeModel, evaluate, fit, openModel } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const say = (/** @type {string} */ text) => (element('status').textContent = text);

use(await cpu());
/** @type {import('@sinapse/core').Model} */
let model;

const key = '/models/digits';
const kept = await caches.open('models');
const saved = await kept.match(key);
if (saved === undefined) {
  model = await train();
  const bytes = await encodeModel(model);
  await kept.put(key, new Response(bytes));
  await show('trained and saved', bytes);
} else await load('loaded from the last visit', await saved.arrayBuffer());

element('file').addEventListener('change', (event) => {
  const [file] = /** @type {HTMLInputElement} */ (event.target).files ?? [];
  const loading = file.arrayBuffer().then((bytes) => load(`loaded ${file.name}`, bytes));
  loading.catch((error) => say(error.message));
});

async function train() {
  const model = lenet5();
  model.build([28, 28, 1], 1);
  const data = imageDataset(digits({ count: 2000, seed: 1 }))
    .shuffle(1)
    .batch(32);
  const callbacks = [{ onStep: (/** @type {{ globalStep: number }} */ { globalStep }) => void say(`training, step ${globalStep} …`) }];
  await fit(model, data, { optimizer: adam({ learningRate: 2e-3 }), loss: softmaxCrossEntropy, epochs: 2, callbacks });
  return model;
}

/** Makes the model of a file, which may come from anywhere: an error says what is wrong with it. */
async function load(/** @type {string} */ how, /** @type {ArrayBuffer} */ bytes) {
  ({ model } = openModel(new Uint8Array(bytes), { lenet5 }));
  await show(how, bytes);
}

async function show(/** @type {string} */ how, /** @type {BlobPart} */ bytes) {
  const link = /** @type {HTMLAnchorElement} */ (element('download'));
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.hidden = false;
  const test = imageDataset(digits({ count: 500, seed: 1, split: 'test' })).batch(100);
  const { accuracy } = await evaluate(model, test, { loss: softmaxCrossEntropy });
  say(`${how}: reads ${(100 * accuracy).toFixed(1)} % of unseen digits`);
}
