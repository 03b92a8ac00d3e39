// Times LeNet-5's training on Sinapse's WebGL backend and on tfjs-layers' own: the same weights, data and optimizer, in turns.

import { webgl } from '@sinapse/backend-webgl';
import { memory, parametersOf, use } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-webgl';
import { publish } from '../../src/outcome.ts';

const BATCH = 64;
const LEARNING_RATE = 1e-3;

/** What a round of one contestant took, and the losses of its steps. */
interface Round {
  readonly milliseconds: number;
  readonly losses: readonly number[];
}

export interface BenchOutcome {
  readonly device: string | undefined;
  readonly batch: number;
  readonly steps: number;
  readonly sinapse: readonly Round[];
  readonly tfjs: readonly Round[];
}

const query = new URLSearchParams(location.search);
const steps = Number(query.get('steps') ?? 10);
const rounds = Number(query.get('rounds') ?? 4);

async function sinapseTrainer() {
  const backend = use(await webgl());
  const data = imageDataset(digits({ count: steps * BATCH, seed: 1 })).batch(BATCH);
  const model = lenet5();
  model.build([28, 28, 1], 1);
  const weights = await Promise.all(parametersOf(model).map(({ cell }) => cell.value.data()));
  const optimizer = adam({ learningRate: LEARNING_RATE });
  const train = async (): Promise<number[]> => {
    const losses: number[] = [];
    await fit(model, data, {
      optimizer,
      loss: softmaxCrossEntropy,
      epochs: 1,
      callbacks: [{ onStep: ({ loss }) => void losses.push(loss) }],
    });
    return losses;
  };
  return { backend, weights, train };
}

async function tfjsTrainer(weights: readonly ArrayLike<number>[]) {
  await tf.setBackend('webgl');
  const model = tfl.sequential();
  model.add(tfl.layers.conv2d({ inputShape: [28, 28, 1], filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }));
  model.add(tfl.layers.maxPooling2d({ poolSize: 2, strides: 2 }));
  model.add(tfl.layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }));
  model.add(tfl.layers.maxPooling2d({ poolSize: 2, strides: 2 }));
  model.add(tfl.layers.flatten());
  model.add(tfl.layers.dense({ units: 120, activation: 'relu' }));
  model.add(tfl.layers.dense({ units: 84, activation: 'relu' }));
  model.add(tfl.layers.dense({ units: 10 }));
  model.setWeights(model.getWeights().map((weight, k) => tf.tensor(Float32Array.from(weights[k]!), weight.shape)));
  model.compile({
    optimizer: tf.train.adam(LEARNING_RATE),
    loss: (labels: tf.Tensor, logits: tf.Tensor) => tf.losses.softmaxCrossEntropy(labels, logits),
  });
  const { images, labels } = await arrays();
  const x = tf.tensor4d(images, [labels.length, 28, 28, 1]);
  const y = tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), 10), 'float32');
  const train = async (): Promise<number[]> => {
    const losses: number[] = [];
    await model.fit(x, y, {
      batchSize: BATCH,
      epochs: 1,
      shuffle: false,
      yieldEvery: 'never',
      callbacks: { onBatchEnd: async (_, logs) => void losses.push(logs!['loss'] as number) },
    });
    return losses;
  };
  return { train };
}

/** The batches that Sinapse trains on, as two arrays. */
async function arrays(): Promise<{ images: Float32Array; labels: Int32Array }> {
  const images: number[] = [];
  const labels: number[] = [];
  for await (const { x, y } of imageDataset(digits({ count: steps * BATCH, seed: 1 }))
    .batch(BATCH)
    .iterate({ epoch: 1 })) {
    images.push(...x.data);
    labels.push(...y.data);
  }
  return { images: Float32Array.from(images), labels: Int32Array.from(labels) };
}

async function timed(train: () => Promise<readonly number[]>): Promise<Round> {
  const start = performance.now();
  const losses = await train();
  return { milliseconds: performance.now() - start, losses };
}

publish(async (): Promise<BenchOutcome> => {
  const own = await sinapseTrainer();
  const other = await tfjsTrainer(own.weights);
  const sinapse: Round[] = [];
  const tfjs: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    sinapse.push(await timed(own.train));
    tfjs.push(await timed(other.train));
  }
  console.log(memory());
  return { device: own.backend.info.device, batch: BATCH, steps, sinapse, tfjs };
});
