// The data sets by name, for example to choose one on a command line.

import { check, checkOptions, checkValue, knownName } from '@sinapse/core';
import type { OptionChecks, Seed } from '@sinapse/core';
import { setImmediate } from 'node:timers/promises';
import { drawDigits } from '../digits/digits.ts';
import type { Split } from '../digits/digits.ts';
import { takeImages } from '../images/image-set.ts';
import type { ImageSet } from '../images/image-set.ts';
import type { Preprocessing } from '../images/preprocessing.ts';
import { SEED } from '../pipeline/option-checks.ts';
import { MNIST, mnist } from './mnist.ts';
import type { MnistOptions } from './mnist.ts';

export type DatasetName = 'digits' | 'mnist';

/** One half of a data set, with the preprocessing it is usually given. */
export interface LoadedSplit {
  readonly name: DatasetName;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
}

/** The source of the files, and the number of images to take. */
export interface LoadSplitOptions extends Omit<MnistOptions, 'split'> {
  /** Seed of generated data. @default 0 */
  readonly seed?: Seed;
  /** Number of images to generate (default 10,000, or 2,000 to test), or to take from the start of a data set (default all). */
  readonly count?: number;
  /** Stops the drawing of digits, or a download, which the next one continues. */
  readonly signal?: AbortSignal;
}

/** A data set with its two halves and the preprocessing it is usually given. */
export interface LoadedDataset {
  readonly name: DatasetName;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly preprocessing: Preprocessing;
}

/** The options of `loadSplit`, with a count for each half. */
export interface LoadDatasetOptions extends Omit<LoadSplitOptions, 'count'> {
  readonly trainCount?: number;
  readonly testCount?: number;
}

/** Mean and standard deviation of MNIST's training pixels; the generated digits have almost the same. */
const DIGIT_PREPROCESSING: Preprocessing = { scale: 1 / 255, mean: 0.1307, std: 0.3081 };

/** What a data set holds, for lists of them. */
export interface DatasetDescription {
  readonly what: string;
  /** Number of images to train on. */
  readonly train: number;
  /** Number of images to test on. */
  readonly test: number;
  /** `[height, width, channels]` */
  readonly shape: readonly number[];
  readonly classes: number;
  /** Where the images come from. */
  readonly source: string;
}

interface Entry {
  readonly load: (split: Split, options: LoadSplitOptions) => Promise<ImageSet>;
  readonly preprocessing: Preprocessing;
  readonly description: DatasetDescription;
}

const DATASETS: Readonly<Record<DatasetName, Entry>> = {
  digits: {
    load: drawInTurns,
    preprocessing: DIGIT_PREPROCESSING,
    description: {
      what: 'digits that look handwritten',
      train: 10_000,
      test: 2_000,
      shape: [28, 28, 1],
      classes: 10,
      source: 'drawn by sinapse itself; needs no files',
    },
  },
  mnist: {
    load: async (split, { seed: _, count, ...options }) => first(await mnist({ ...options, split }), count),
    preprocessing: DIGIT_PREPROCESSING,
    description: {
      what: 'handwritten digits (LeCun, Cortes, Burges)',
      train: 60_000,
      test: 10_000,
      shape: [28, 28, 1],
      classes: 10,
      source: 'your own files in --data-dir, or 11 MB downloaded once',
    },
  },
};

/**
 * What a data set holds.
 * @throws SinapseError when the name is unknown
 */
export function describeDataset(name: string): DatasetDescription {
  return DATASETS[knownName('data set', name, datasetNames)].description;
}

/** Generates digits and lets the event loop run in between, so that signals and other work are handled. */
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

/** The names that `loadDataset` knows. */
export const datasetNames: readonly DatasetName[] = Object.keys(DATASETS) as DatasetName[];

const { split: _, ...OF_FILES } = MNIST;
const LOAD_SPLIT: OptionChecks<LoadSplitOptions> = { ...OF_FILES, seed: SEED, count: check.count };
const { count: COUNT, ...OF_BOTH } = LOAD_SPLIT;
const LOAD_DATASET: OptionChecks<LoadDatasetOptions> = { ...OF_BOTH, trainCount: COUNT, testCount: COUNT };

/**
 * Loads one half of a data set; the files of the other half may be missing.
 * @throws SinapseError for a name that is not in `datasetNames` (it suggests the nearest one), and the errors of the data set itself
 * @throws the signal's reason when it is aborted
 */
export async function loadSplit(name: string, split: Split, options: LoadSplitOptions = {}): Promise<LoadedSplit> {
  const known = knownName('data set', name, datasetNames);
  checkValue('loadSplit: split', split, check.oneOf(['train', 'test']));
  checkOptions('loadSplit', options, LOAD_SPLIT);
  const { load, preprocessing } = DATASETS[known];
  return { name: known, images: await load(split, options), preprocessing };
}

/**
 * Loads both halves of a data set.
 * @throws SinapseError as `loadSplit` does
 */
export async function loadDataset(name: string, options: LoadDatasetOptions = {}): Promise<LoadedDataset> {
  knownName('data set', name, datasetNames);
  checkOptions('loadDataset', options, LOAD_DATASET);
  const { trainCount, testCount, ...others } = options;
  const half = (split: Split, count: number | undefined): Promise<LoadedSplit> =>
    loadSplit(name, split, { ...others, ...(count !== undefined && { count }) });
  const { images, ...found } = await half('train', trainCount);
  return { ...found, train: images, test: (await half('test', testCount)).images };
}

function first(set: ImageSet, count: number | undefined): ImageSet {
  return count === undefined ? set : takeImages(set, Math.min(count, set.labels.length));
}
