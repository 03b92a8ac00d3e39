// The data sets of the page: drawn digits, points of the plane, and files of MNIST's format.

import type { Shape } from '@sinapse/core';
import { hostNormal, hostUniform, randomKey } from '@sinapse/core';
import type { ImageSet, Preprocessing } from '@sinapse/datasets';
import { Dataset, digits, imageDataset } from '@sinapse/datasets';
import type { BatchSource } from '@sinapse/training';
import type { DataName } from './settings.ts';

/** Labelled points of the square [-1, 1] x [-1, 1]. */
interface PointSet {
  /** `[count, 2]` */
  readonly points: Float32Array;
  readonly labels: Int32Array;
}

/** Data to train and to measure with. */
export type TrainData =
  | {
      readonly kind: 'images';
      readonly name: string;
      readonly train: ImageSet;
      readonly test: ImageSet;
      readonly classNames: readonly string[];
    }
  | {
      readonly kind: 'points';
      readonly name: string;
      readonly train: PointSet;
      readonly test: PointSet;
      readonly classNames: readonly string[];
    };

/** The sizes of the data sets made here: a few seconds of training for each epoch on a phone. */
const DIGITS = { train: 4000, test: 1000 } as const;
const POINTS = { train: 400, test: 400 } as const;

/** @param files those of the data `files` */
export function makeData(name: DataName, seed: number, files: TrainData | undefined): TrainData {
  switch (name) {
    case 'digits': {
      const [train, test] = (['train', 'test'] as const).map((split) => digits({ count: DIGITS[split], seed, split })) as [
        ImageSet,
        ImageSet,
      ];
      return { kind: 'images', name, train, test, classNames: train.classNames };
    }
    case 'xor':
    case 'spirals': {
      const make = name === 'xor' ? xor : spirals;
      return {
        kind: 'points',
        name,
        train: make(POINTS.train, seed, 'train'),
        test: make(POINTS.test, seed, 'test'),
        classNames: ['A', 'B'],
      };
    }
    case 'files':
      if (files === undefined) throw new Error('no files were given');
      return files;
  }
}

/** Points whose class is whether their coordinates have the same sign. */
function xor(count: number, seed: number, split: string): PointSet {
  const points = hostUniform(randomKey(seed).fold('xor').fold(split), 2 * count, -0.95, 0.95);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    // A gap beside the axes, so that the classes can be told apart.
    for (const at of [2 * i, 2 * i + 1]) points[at]! += points[at]! >= 0 ? 0.05 : -0.05;
    labels[i] = points[2 * i]! >= 0 === points[2 * i + 1]! >= 0 ? 0 : 1;
  }
  return { points, labels };
}

/** Two arms of a spiral, one turn each. */
function spirals(count: number, seed: number, split: string): PointSet {
  const key = randomKey(seed).fold('spirals').fold(split);
  const noise = hostNormal(key.fold('noise'), 2 * count, 0, 0.02);
  const along = hostUniform(key.fold('along'), count);
  const points = new Float32Array(2 * count);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  for (let i = 0; i < count; i++) {
    const radius = 0.1 + 0.85 * along[i]!;
    const angle = 2 * Math.PI * along[i]! + Math.PI * labels[i]!;
    points[2 * i] = radius * Math.sin(angle) + noise[2 * i]!;
    points[2 * i + 1] = radius * Math.cos(angle) + noise[2 * i + 1]!;
  }
  return { points, labels };
}

/** How pixels become inputs, as on the command line. MNIST and the drawn digits have the same mean and deviation. */
export const digitPreprocessing: Preprocessing = { scale: 1 / 255, mean: 0.1307, std: 0.3081 };

/** Sources of batches over data. */
export interface Sources {
  /** Shuffled for each epoch. */
  readonly train: BatchSource;
  readonly test: BatchSource;
  /** The shape of one input. */
  readonly inputShape: Shape;
}

/** @param preprocessing of images */
export function sourcesOf(data: TrainData, preprocessing: Preprocessing, batchSize: number, seed: number): Sources {
  if (data.kind === 'points') {
    const [train, test] = [pointDataset(data.train), pointDataset(data.test)];
    return { train: batches(train.shuffle(seed), batchSize), test: batches(test, EVALUATION_BATCH), inputShape: [2] };
  }
  const [train, test] = [imageDataset(data.train, preprocessing), imageDataset(data.test, preprocessing)];
  const { height, width, channels } = data.train;
  const pad = 2 * (preprocessing.pad ?? 0);
  return {
    train: batches(train.shuffle(seed), batchSize),
    test: batches(test, EVALUATION_BATCH),
    inputShape: [height + pad, width + pad, channels],
  };
}

const EVALUATION_BATCH = 200;

function pointDataset({ points, labels }: PointSet) {
  const elements = Array.from(labels, (y, i) => ({ x: points.subarray(2 * i, 2 * i + 2), y }));
  return Dataset.from(elements);
}

/** The batches of a data set as `fit` takes them. */
function batches(dataset: { batch(size: number): unknown }, size: number): BatchSource {
  return dataset.batch(size) as BatchSource;
}
