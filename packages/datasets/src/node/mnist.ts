// MNIST (LeCun, Cortes, Burges): 60,000 handwritten digits to train with and 10,000 to test, 28 x 28 grey. It is read from the
// user's folder, or downloaded once into the cache.

import type { ImageSet } from '../images/image-set.ts';
import { readIdxSet } from './idx-set.ts';
import type { IdxFiles } from './idx-set.ts';
import type { SetOptions } from './set-files.ts';

export type MnistOptions = SetOptions;

export const MNIST_MIRRORS: readonly string[] = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

/** The hashes are of the uncompressed files, because each mirror compresses them differently. */
const FILES: IdxFiles = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte.gz',
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      size: 47_040_016,
    },
    labels: {
      name: 'train-labels-idx1-ubyte.gz',
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      size: 60_008,
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte.gz',
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      size: 7_840_016,
    },
    labels: {
      name: 't10k-labels-idx1-ubyte.gz',
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      size: 10_008,
    },
  },
};

/**
 * Reads one half of MNIST.
 * @returns images `[60000 or 10000, 28, 28, 1]`, labels 0 to 9
 * @throws SinapseError that says what to do, when a file is missing, damaged, or cannot be downloaded
 * @throws the signal's reason when it is aborted
 * @example
 * const train = await mnist({ split: 'train' });                  // downloaded once, then from the cache
 * const test = await mnist({ split: 'test', dir: './mnist' });    // your own copy
 */
export async function mnist(options: MnistOptions = {}): Promise<ImageSet> {
  const classNames = Array.from({ length: 10 }, (_, digit) => `${digit}`);
  return readIdxSet({ name: 'mnist', files: 'the four MNIST files', mirrors: MNIST_MIRRORS, remote: FILES, classNames }, options);
}
