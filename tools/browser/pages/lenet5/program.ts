// What the page does, and the test in Node beside it: load every package, train LeNet-5 a little.

import * as backendCpu from '@sinapse/backend-cpu';
import * as core from '@sinapse/core';
import * as datasets from '@sinapse/datasets';
import * as formats from '@sinapse/formats';
import * as layers from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import * as optimizers from '@sinapse/optimizers';
import * as training from '@sinapse/training';
import * as zoo from '@sinapse/zoo';

/** What each package exports, by its name. */
export const entries: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({ core, backendCpu, layers, optimizers, training, datasets, zoo, formats }).map(([name, entry]) => [
    name,
    Object.keys(entry).sort(),
  ]),
);

export interface Trained {
  /** Of each step. */
  readonly losses: readonly number[];
  readonly accuracy: number;
  /** SHA-256 of the model file, in hexadecimal. */
  readonly model: string;
}

/** Twenty steps on generated digits, with the engine that every machine has, so that all of them give the same bits. */
export async function train(): Promise<Trained> {
  core.use(await backendCpu.cpu({ engine: 'reference' }));
  const images = (split: datasets.Split, count: number) => datasets.imageDataset(datasets.digits({ count, seed: 1, split }));
  const model = zoo.lenet5();
  model.build([28, 28, 1], 1);
  const losses: number[] = [];
  await training.fit(model, images('train', 320).shuffle(1).batch(16), {
    optimizer: optimizers.adam({ learningRate: 3e-3 }),
    loss: softmaxCrossEntropy,
    epochs: 1,
    seed: 1,
    callbacks: [{ onStep: ({ loss }) => void losses.push(loss) }],
  });
  const { accuracy } = await training.evaluate(model, images('test', 100).batch(50), { loss: softmaxCrossEntropy });
  const file = await training.encodeModel(model, { architecture: 'lenet5', options: {} });
  if (formats.decodeSafetensors(file).arrays.size !== core.parametersOf(model).length) throw new Error('the model file lacks an array');
  return { losses, accuracy, model: hexadecimal(await crypto.subtle.digest('SHA-256', file)) };
}

function hexadecimal(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
