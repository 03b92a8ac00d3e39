// Loads a data set and turns it into batches.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { imageDataset } from '@sinapse/datasets';
import type { ImageBatch, ImageSet, Preprocessing } from '@sinapse/datasets';
import { datasetNames, describeDataset, loadSplit } from '@sinapse/datasets/node';
import type { LoadSplitOptions } from '@sinapse/datasets/node';
import type { BatchSource } from '@sinapse/training';
import { unknownName } from './backend-choice.ts';
import { note } from './output/note.ts';
import { UsageError } from './usage-error.ts';

/** Batch size of evaluation: large enough to be fast, and fixed, so that results do not vary. */
const evaluationBatch = 256;

export interface TestDataOptions {
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  readonly testLimit?: number | undefined;
  readonly signal?: AbortSignal;
}

export interface DataOptions extends TestDataOptions {
  readonly trainLimit?: number | undefined;
}

/** The data that a trained model is measured with. */
export interface TestData {
  readonly name: string;
  readonly test: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly labels: readonly string[];
}

/** The data that a model is trained and measured with. */
export interface Data extends TestData {
  readonly train: ImageSet;
  /** `[height, width, channels]` as a model sees it. */
  readonly inputShape: readonly [number, number, number];
}

/**
 * @throws UsageError when there is no data set of that name; for a folder or file, it says what can be trained on
 */
export function checkDataset(name: string): void {
  const path = pathKind(name);
  if (path !== undefined)
    throw new UsageError(`--dataset ${name} is ${path}, but a name is needed (${datasetNames.join(', ')}); ${ownFiles}`);
  if (!(datasetNames as readonly string[]).includes(name)) throw new UsageError(unknownName('data set', name, datasetNames));
}

const ownFiles =
  "MNIST's own files are read with --dataset mnist --data-dir FOLDER; other images train from a program (imageDataset in @sinapse/datasets)";

/** What a name is, if it is no name but a path. */
function pathKind(name: string): string | undefined {
  const found = statSync(name, { throwIfNoEntry: false });
  if ((datasetNames as readonly string[]).includes(name)) return undefined;
  if (found !== undefined) return found.isDirectory() ? 'a folder' : 'a file';
  return /[/\\]|\.\w+$/.test(name) ? 'a path' : undefined;
}

/** Loads the test images of a data set, and announces a download. The training images may be missing. */
export async function loadTestData(options: TestDataOptions): Promise<TestData> {
  const { name, images, preprocessing } = await loadSplit(options.dataset, 'test', sources(options, options.testLimit));
  return { name, test: images, preprocessing, labels: images.classNames };
}

/** Loads both halves of a data set. */
export async function loadData(options: DataOptions): Promise<Data> {
  const { images: train, preprocessing } = await loadSplit(options.dataset, 'train', sources(options, options.trainLimit));
  const pad = 2 * (preprocessing.pad ?? 0);
  const inputShape = [train.height + pad, train.width + pad, train.channels] as const;
  return { ...(await loadTestData(options)), train, inputShape };
}

function sources({ dataset, dataDir, signal }: TestDataOptions, limit: number | undefined): LoadSplitOptions {
  checkDataset(dataset);
  if (describeDataset(dataset).megabytes === 0 && dataDir !== undefined)
    throw new UsageError('--data-dir is for data sets in files; digits are made in code');
  let announced = '';
  return {
    ...(dataDir !== undefined && { dir: dataDir }),
    ...(limit !== undefined && { count: limit }),
    ...(signal !== undefined && { signal }),
    onProgress: ({ file }) => {
      if (file !== announced) note(`downloading ${(announced = file)} …`);
    },
  };
}

/** The training images, shuffled for each epoch. */
export function trainingBatches({ train, preprocessing }: Data, seed: number, batchSize: number): BatchSource {
  const batches = imageDataset(train, preprocessing).shuffle(seed).batch<ImageBatch>(batchSize);
  return { length: batches.length, iterate: (options) => batches.iterate(options) };
}

/** The test images in the order of the data set. */
export function testBatches({ test, preprocessing }: TestData): BatchSource {
  const batches = imageDataset(test, preprocessing).batch<ImageBatch>(evaluationBatch);
  return { length: batches.length, iterate: (options) => batches.iterate(options) };
}

/** A short hash of the images and labels. */
export function contentOf(set: ImageSet): string {
  return createHash('sha256').update(set.images).update(set.labels).digest('hex').slice(0, 16);
}
