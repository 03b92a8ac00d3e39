// The data sets by name, for those who choose one on a command line.

import { SinapseError, nearestName } from '@sinapse/core';
import type { Seed } from '@sinapse/core';
import { digits } from '../digits/digits.ts';
import { takeImages } from '../images/image-set.ts';
import type { ImageSet } from '../images/image-set.ts';
import type { Preprocessing } from '../images/preprocessing.ts';
import { mnist } from './mnist.ts';
import type { MnistOptions } from './mnist.ts';

export type DatasetName = 'digits' | 'mnist';

/** A data set with its two halves and the preprocessing it is usually given. */
export interface LoadedDataset {
  readonly name: DatasetName;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly preprocessing: Preprocessing;
}

/** Where files come from, and how many images to take. */
export interface LoadDatasetOptions extends Omit<MnistOptions, 'split'> {
  /** For generated data. @default 0 */
  readonly seed?: Seed;
  /** Images to generate (10,000 by default), or the first so many of a data set (all by default). */
  readonly trainCount?: number;
  /** Likewise for the test half (2,000 by default for generated data). */
  readonly testCount?: number;
}

/** Mean and standard deviation of MNIST's training pixels; the generated digits have almost the same. */
const DIGIT_PREPROCESSING: Preprocessing = { scale: 1 / 255, mean: 0.1307, std: 0.3081 };

const LOADERS: Readonly<Record<DatasetName, (options: LoadDatasetOptions) => Promise<Omit<LoadedDataset, 'name'>>>> = {
  digits: async ({ seed = 0, trainCount = 10_000, testCount = 2_000 }: LoadDatasetOptions) => ({
    train: digits({ seed, count: trainCount, split: 'train' }),
    test: digits({ seed, count: testCount, split: 'test' }),
    preprocessing: DIGIT_PREPROCESSING,
  }),
  mnist: async (options: LoadDatasetOptions) => ({
    train: first(await mnist({ ...options, split: 'train' }), options.trainCount),
    test: first(await mnist({ ...options, split: 'test' }), options.testCount),
    preprocessing: DIGIT_PREPROCESSING,
  }),
};

/** What `loadDataset` knows. */
export const datasetNames: readonly DatasetName[] = Object.keys(LOADERS) as DatasetName[];

/**
 * Loads both halves of a data set.
 * @throws SinapseError for a name that is not one of `datasetNames` (with the nearest one), and what the data set itself throws
 */
export async function loadDataset(name: string, options: LoadDatasetOptions = {}): Promise<LoadedDataset> {
  const known = datasetNames.find((candidate) => candidate === name);
  if (known === undefined) {
    const nearest = nearestName(name, datasetNames);
    const hint = nearest === undefined ? `known are ${datasetNames.join(', ')}` : `did you mean '${nearest}'?`;
    throw new SinapseError(`unknown data set '${name}'; ${hint}`);
  }
  return { name: known, ...(await LOADERS[known](options)) };
}

function first(set: ImageSet, count: number | undefined): ImageSet {
  return count === undefined ? set : takeImages(set, Math.min(count, set.labels.length));
}
