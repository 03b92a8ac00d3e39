// npm run bench:loading -- --images FOLDER --mnist FOLDER: what reading data costs beside training. ResNet-20 trains from a folder of JPEG files (its
// subfolder `train`, a class each), augmented, and LeNet-5 from IDX files; each step is timed beside the same step on a batch that is already in memory.

import { cpu } from '@sinapse/backend-cpu';
import { Context, parametersOf, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { compose, imageDataset, randomCrop, randomFlip } from '@sinapse/datasets';
import type { Dataset, ImageBatch } from '@sinapse/datasets';
import { imageFolder, loadImages, loadSplit } from '@sinapse/datasets/node';
import type { Layer } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { sgd } from '@sinapse/optimizers';
import { lenet5, resnet20 } from '@sinapse/zoo';
import { Command } from 'commander';
import { join } from 'node:path';

const program = new Command('bench:loading')
  .description('Times training from files beside training on a batch in memory.')
  .option('--images <folder>', 'CIFAR-10 as JPEG files: a subfolder train with a folder for each class')
  .option('--mnist <folder>', "MNIST's four IDX files")
  .option('--steps <n>', 'steps of a block', (text) => Number(text), 8)
  .option('--blocks <n>', 'blocks of each kind, in turns', (text) => Number(text), 6);
program.parse();
const { images, mnist, steps, blocks } = program.opts<{ images?: string; mnist?: string; steps: number; blocks: number }>();

const backend = use(await cpu());
console.log(`${backend.info.engine}, blocks of ${steps} steps in turns, medians of ${blocks} blocks`);

/** Training steps of a model, on any batch. */
function stepsOf(model: Layer, inputShape: readonly number[]): (x: Tensor, y: Tensor) => void {
  model.build(inputShape, 1);
  const cells = parametersOf(model).map(({ cell }) => cell);
  const optimizer = sgd({ learningRate: 0.01, momentum: 0.9 });
  return (x, y) =>
    scope(() => {
      const { value, gradients } = valueAndGrad(
        () => softmaxCrossEntropy(model.call(x, new Context({ training: true, seed: 1 })), y),
        cells,
      );
      optimizer.step(cells, gradients);
      value.dataSync();
    });
}

/** Batches that are read to time reading alone: many more than are read ahead. */
const READ = 50;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
/** Lets what reads ahead run, as `fit` does between steps. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

async function compare(name: string, model: Layer, batches: Dataset<ImageBatch>): Promise<void> {
  const iterator = batches.iterate({ epoch: 1 });
  const { x, y } = (await iterator.next()).value as ImageBatch;
  const train = stepsOf(model, x.shape.slice(1));
  const [heldX, heldY] = [tensor(x.data, { shape: x.shape }), tensor(y.data, { shape: y.shape })];
  const fromFiles = async (): Promise<void> => {
    const { value } = await iterator.next();
    const batch = value as ImageBatch;
    const [own, labels] = [tensor(batch.x.data, { shape: batch.x.shape }), tensor(batch.y.data, { shape: batch.y.shape })];
    train(own, labels);
    own.dispose();
    labels.dispose();
    await turn();
  };
  const inMemory = async (): Promise<void> => {
    train(heldX, heldY);
    await turn();
  };
  const time = async (one: () => Promise<void>, count = steps): Promise<Times> => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    for (let i = 0; i < count; i++) await one();
    const { user, system } = process.cpuUsage(before);
    return { wall: (performance.now() - start) / count, processor: (user + system) / 1000 / count };
  };
  await fromFiles();
  await inMemory();
  const pairs: [files: Times, memory: Times][] = [];
  for (let block = 0; block < blocks; block++) {
    const first = await time(block % 2 === 0 ? fromFiles : inMemory);
    const second = await time(block % 2 === 0 ? inMemory : fromFiles);
    pairs.push(block % 2 === 0 ? [first, second] : [second, first]);
  }
  const reading = await time(async () => void (await iterator.next()), READ);
  await iterator.return?.();
  const ratioOf = (kind: keyof Times): string => median(pairs.map(([own, held]) => held[kind] / own[kind])).toFixed(3);
  const rate = (which: 0 | 1): string => {
    const milliseconds = median(pairs.map((pair) => pair[which].wall));
    return Math.round((1000 * x.shape[0]) / milliseconds).toLocaleString('en-US');
  };
  console.log(`${name}: from files ${rate(0)} images/s, a batch in memory ${rate(1)} images/s`);
  console.log(`  ratio of speeds ${ratioOf('wall')}, of processor times ${ratioOf('processor')} (what a busy machine changes little)`);
  const step = median(pairs.map(([, held]) => held.processor));
  console.log(`  processor time of a step ${step.toFixed(1)} ms, of reading its batch ${reading.processor.toFixed(1)} ms`);
}

/** Milliseconds of a step. */
interface Times {
  readonly wall: number;
  readonly processor: number;
}

if (mnist !== undefined) {
  const { images: set, preprocessing } = await loadSplit('mnist', 'train', { dir: mnist });
  await compare('LeNet-5 from IDX, batches of 64', lenet5(), imageDataset(set, preprocessing).shuffle(1).batch(64).repeat().prefetch(2));
}

if (images !== undefined) {
  const folder = await imageFolder(join(images, 'train'));
  for (const pass of ['decoded or from the cache', 'from the cache']) {
    const start = performance.now();
    const { images: set } = await loadImages(folder, { size: 32 });
    const seconds = (performance.now() - start) / 1000;
    console.log(`${set.labels.length.toLocaleString('en-US')} JPEG files ${pass}: ${seconds.toFixed(1)} s`);
    if (pass === 'decoded or from the cache') continue;
    const augment = compose([randomFlip(), randomCrop({ size: 32, pad: 4 })]);
    const preprocessing = { scale: 1 / 255, mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };
    const batches = imageDataset(set, preprocessing, { augment, seed: 1 }).shuffle(1).batch(128).repeat().prefetch(2);
    await compare('ResNet-20 from a folder, augmented, batches of 128', resnet20(), batches);
  }
}
