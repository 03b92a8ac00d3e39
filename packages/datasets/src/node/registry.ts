// The data sets by name, for those who choose one on a command line.

import { knownName } from '@sinapse/core';
import type { Seed } from '@sinapse/core';
import { setImmediate } from 'node:timers/promises';
import { drawDigits } from '../digits/digits.ts';
import type { Split } from '../digits/digits.ts';
import { takeImages } from '../images/image-set.ts';
import type { ImageSet } from '../images/image-set.ts';
import type { Preprocessing } from '../images/preprocessing.ts';
import { mnist } from './mnist.ts';
import type { MnistOptions } from './mnist.ts';

export type DatasetName = 'digits' | 'mnist';

/** One half of a data set, with the preprocessing it is usually given. */
export interface LoadedSplit {
  readonly name: DatasetName;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
}

/** Where files come from, and how many images to take. */
export interface LoadSplitOptions extends Omit<MnistOptions, 'split'> {
  /** For generated data. @default 0 */
  readonly seed?: Seed;
  /** Images to generate (10,000 by default, 2,000 to test), or the first so many of a data set (all by default). */
  readonly count?: number;
  /** Ends the drawing of digits, or a download: what has come of that is kept and continued the next time. */
  readonly signal?: AbortSignal;
}

/** A data set with its two halves and the preprocessing it is usually given. */
export interface LoadedDataset {
  readonly name: DatasetName;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly preprocessing: Preprocessing;
}

/** As for one half, with a count for each. */
export interface LoadDatasetOptions extends Omit<LoadSplitOptions, 'count'> {
  readonly trainCount?: number;
  readonly testCount?: number;
}

/** Mean and standard deviation of MNIST's training pixels; the generated digits have almost the same. */
const DIGIT_PREPROCESSING: Preprocessing = { scale: 1 / 255, mean: 0.1307, std: 0.3081 };

interface Loader {
  readonly load: (split: Split, options: LoadSplitOptions) => Promise<ImageSet>;
  readonly preprocessing: Preprocessing;
}

const LOADERS: Readonly<Record<DatasetName, Loader>> = {
  digits: {
    load: drawInTurns,
    preprocessing: DIGIT_PREPROCESSING,
  },
  mnist: {
    load: async (split, options) => first(await mnist({ ...options, split }), options.count),
    preprocessing: DIGIT_PREPROCESSING,
  },
};

/** Generates digits, and lets the event loop have its turns in between: a signal is seen, a server goes on answering. */
async function drawInTurns(
  split: Split,
  { seed = 0, count = split === 'train' ? 10_000 : 2_000, signal }: LoadSplitOptions,
): Promise<ImageSet> {
  const drawing = drawDigits({ seed, count, split });
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = drawing.next();
    if (done) return value;
    await setImmediate();
  }
}

/** What `loadDataset` knows. */
export const datasetNames: readonly DatasetName[] = Object.keys(LOADERS) as DatasetName[];

/**
 * Loads one half of a data set; the files of the other need not be there.
 * @throws SinapseError for a name that is not one of `datasetNames` (with the nearest one), and what the data set itself throws
 * @throws the signal's reason when it is aborted
 */
export async function loadSplit(name: string, split: Split, options: LoadSplitOptions = {}): Promise<LoadedSplit> {
  const known = knownName('data set', name, datasetNames);
  const { load, preprocessing } = LOADERS[known];
  return { name: known, images: await load(split, options), preprocessing };
}

/**
 * Loads both halves of a data set.
 * @throws SinapseError as `loadSplit` does
 */
export async function loadDataset(name: string, options: LoadDatasetOptions = {}): Promise<LoadedDataset> {
  const { trainCount, testCount, ...others } = options;
  const half = (split: Split, count: number | undefined): Promise<LoadedSplit> =>
    loadSplit(name, split, { ...others, ...(count !== undefined && { count }) });
  const { images, ...found } = await half('train', trainCount);
  return { ...found, train: images, test: (await half('test', testCount)).images };
}

function first(set: ImageSet, count: number | undefined): ImageSet {
  return count === undefined ? set : takeImages(set, Math.min(count, set.labels.length));
}
