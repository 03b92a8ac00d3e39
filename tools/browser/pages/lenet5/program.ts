// The program that both the page and the test in Node run: it loads every package and trains LeNet-5 a little.

import * as backendCpu from '@sinapse/backend-cpu';
import * as core from '@sinapse/core';
import * as datasets from '@sinapse/datasets';
import * as formats from '@sinapse/formats';
import * as layers from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import * as optimizers from '@sinapse/optimizers';
import * as training from '@sinapse/training';
import * as zoo from '@sinapse/zoo';

/** The names that each package exports, by package. */
export const entries: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({ core, backendCpu, layers, optimizers, training, datasets, zoo, formats }).map(([name, entry]) => [
    name,
    Object.keys(entry).sort(),
  ]),
);

export interface Trained {
  /** The engine that ran the kernels. */
  readonly engine: string;
  readonly threads: number;
  /** The loss of each step. */
  readonly losses: readonly number[];
  readonly accuracy: number;
  /** SHA-256 of the model file, in hexadecimal. */
  readonly model: string;
}

/** Engines that compute the same bits everywhere. The last one needs threads, which only isolated pages have. */
export const engines: readonly backendCpu.CpuOptions[] = [
  { engine: 'reference' },
  { engine: 'wasm', instructionSet: 'simd128', threads: 1 },
  { engine: 'wasm', instructionSet: 'relaxed-simd', threads: 2 },
];

/** Trains for twenty steps on generated digits. */
export async function train(options: backendCpu.CpuOptions): Promise<Trained> {
  const backend = core.use(await backendCpu.cpu(options));
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
  const file = await training.encodeModel(model);
  if (formats.decodeSafetensors(file).arrays.size !== core.parametersOf(model).length) throw new Error('the model file lacks an array');
  const { engine, threads } = backend.info;
  await backend.close();
  return { engine, threads, losses, accuracy, model: hexadecimal(await crypto.subtle.digest('SHA-256', file)) };
}

function hexadecimal(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
