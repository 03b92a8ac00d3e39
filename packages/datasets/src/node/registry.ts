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
import { cifar10, cifar100 } from './cifar.ts';
import { emnist } from './emnist.ts';
import type { EmnistVariant } from './emnist.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { kmnist } from './kmnist.ts';
import { mnist } from './mnist.ts';
import { SET } from './set-files.ts';
import type { SetOptions } from './set-files.ts';

export type DatasetName =
  'digits' | 'mnist' | 'fashion-mnist' | 'kmnist' | 'emnist-balanced' | 'emnist-letters' | 'emnist-byclass' | 'cifar10' | 'cifar100';

/** One half of a data set, with the preprocessing it is usually given. */
export interface LoadedSplit {
  readonly name: DatasetName;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
}

/** The source of the files, and the number of images to take. */
export interface LoadSplitOptions extends Omit<SetOptions, 'split'> {
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
  /** Megabytes to download; 0 if there is nothing to download. */
  readonly megabytes: number;
  /** What its authors say about its use. */
  readonly licence: string;
}

interface Entry {
  readonly load: (split: Split, options: LoadSplitOptions) => Promise<ImageSet>;
  readonly preprocessing: Preprocessing;
  readonly description: DatasetDescription;
}

/** What the sets in MNIST's form share. */
const MNIST_FORM = { train: 60_000, test: 10_000, shape: [28, 28, 1], classes: 10 } as const;

/** Mean and standard deviation of CIFAR-10's training pixels; those of CIFAR-100 are almost the same. */
const COLOUR_PREPROCESSING: Preprocessing = { scale: 1 / 255, mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };

function grey(mean: number, std: number): Preprocessing {
  return { scale: 1 / 255, mean, std };
}

/** The entry of a set that lies in files. */
function files(
  read: (options: SetOptions) => Promise<ImageSet>,
  preprocessing: Preprocessing,
  description: Omit<DatasetDescription, 'source'>,
): Entry {
  return {
    load: async (split, { seed: _, count, ...options }) => first(await read({ ...options, split }), count),
    preprocessing,
    description: { ...description, source: `your own files in --data-dir, or ${description.megabytes} MB downloaded once` },
  };
}

function emnistEntry(variant: EmnistVariant, what: string, train: number, test: number, classes: number): Entry {
  const size = { train, test, shape: [28, 28, 1], classes };
  return files((options) => emnist({ ...options, variant }), grey(0.1736, 0.3317), {
    what: `${what} (Cohen et al. 2017)`,
    ...size,
    megabytes: 562,
    licence: 'none stated',
  });
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
      megabytes: 0,
      licence: 'MIT, as sinapse',
    },
  },
  mnist: files(mnist, DIGIT_PREPROCESSING, {
    what: 'handwritten digits (LeCun, Cortes, Burges)',
    ...MNIST_FORM,
    megabytes: 11,
    licence: 'CC BY-SA 3.0',
  }),
  'fashion-mnist': files(fashionMnist, grey(0.286, 0.353), {
    what: 'photographs of clothes (Xiao, Rasul, Vollgraf 2017)',
    ...MNIST_FORM,
    megabytes: 31,
    licence: 'MIT',
  }),
  kmnist: files(kmnist, grey(0.1918, 0.3483), {
    what: 'cursive Japanese characters (Clanuwat et al. 2018)',
    ...MNIST_FORM,
    megabytes: 21,
    licence: 'CC BY-SA 4.0',
  }),
  'emnist-balanced': emnistEntry('balanced', 'handwritten digits and letters, classes of one size', 112_800, 18_800, 47),
  'emnist-letters': emnistEntry('letters', 'handwritten letters', 124_800, 20_800, 26),
  'emnist-byclass': emnistEntry('byclass', 'handwritten digits, upper and lower case', 697_932, 116_323, 62),
  cifar10: files(cifar10, COLOUR_PREPROCESSING, {
    what: 'small photographs of animals and vehicles (Krizhevsky 2009)',
    train: 50_000,
    test: 10_000,
    shape: [32, 32, 3],
    classes: 10,
    megabytes: 170,
    licence: 'none stated',
  }),
  cifar100: files(cifar100, COLOUR_PREPROCESSING, {
    what: 'small photographs of a hundred kinds of things (Krizhevsky 2009)',
    train: 50_000,
    test: 10_000,
    shape: [32, 32, 3],
    classes: 100,
    megabytes: 169,
    licence: 'none stated',
  }),
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

const { split: _, ...OF_FILES } = SET;
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
