// A data set as batches.

import { createHash } from 'node:crypto';
import { imageDataset } from '@sinapse/datasets';
import type { ImageBatch, ImageSet, Preprocessing } from '@sinapse/datasets';
import { datasetNames, loadDataset } from '@sinapse/datasets/node';
import type { BatchSource } from '@sinapse/training';
import { unknownName } from './backend-choice.ts';
import { note } from './output/note.ts';
import { UsageError } from './usage-error.ts';

/** Examples in a batch where nothing is trained: large enough to be fast, and always the same, so that results are. */
const evaluationBatch = 256;

export interface DataOptions {
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  readonly trainLimit?: number | undefined;
  readonly testLimit?: number | undefined;
  readonly signal?: AbortSignal;
}

export interface Data {
  readonly name: string;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly labels: readonly string[];
  /** `[height, width, channels]` as a model sees it. */
  readonly inputShape: readonly [number, number, number];
}

/** @throws UsageError when there is no data set of that name */
export function checkDataset(name: string): void {
  if (!(datasetNames as readonly string[]).includes(name)) throw new UsageError(unknownName('data set', name, datasetNames));
}

/** Loads a data set, and says so when that means a download. */
export async function loadData({ dataset, dataDir, trainLimit, testLimit, signal }: DataOptions): Promise<Data> {
  checkDataset(dataset);
  if (dataset === 'digits' && dataDir !== undefined) throw new UsageError('--data-dir is for data sets in files; digits are made in code');
  let announced = '';
  const { name, train, test, preprocessing } = await loadDataset(dataset, {
    ...(dataDir !== undefined && { dir: dataDir }),
    ...(trainLimit !== undefined && { trainCount: trainLimit }),
    ...(testLimit !== undefined && { testCount: testLimit }),
    ...(signal !== undefined && { signal }),
    onProgress: ({ file }) => {
      if (file !== announced) note(`downloading ${(announced = file)} …`);
    },
  });
  const pad = 2 * (preprocessing.pad ?? 0);
  return {
    name,
    train,
    test,
    preprocessing,
    labels: train.classNames,
    inputShape: [train.height + pad, train.width + pad, train.channels],
  };
}

/** The training images in the order of an epoch. */
export function trainingBatches({ train, preprocessing }: Data, seed: number, batchSize: number): BatchSource {
  const batches = imageDataset(train, preprocessing).shuffle(seed).batch<ImageBatch>(batchSize);
  return { length: batches.length, iterate: (options) => batches.iterate(options) };
}

/** The test images in their own order. */
export function testBatches({ test, preprocessing }: Data): BatchSource {
  const batches = imageDataset(test, preprocessing).batch<ImageBatch>(evaluationBatch);
  return { length: batches.length, iterate: (options) => batches.iterate(options) };
}

/** A short name for exactly these images and labels. */
export function contentOf(set: ImageSet): string {
  return createHash('sha256').update(set.images).update(set.labels).digest('hex').slice(0, 16);
}
