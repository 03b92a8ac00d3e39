// MNIST (LeCun, Cortes, Burges): 60,000 handwritten digits to train with and 10,000 to test, 28 x 28 grey. It is read from the
// user's folder, or downloaded once into the cache.

import type { Check, OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions } from '@sinapse/core';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Split } from '../digits/digits.ts';
import type { ImageSet } from '../images/image-set.ts';
import { imageSetFromIdx } from '../idx.ts';
import { SIGNAL } from '../pipeline/option-checks.ts';
import { cacheDirectory } from './cache-directory.ts';
import { downloadFile, hasContent } from './download.ts';
import type { DownloadProgress, RemoteFile } from './download.ts';
import { gunzipBounded } from './gunzip.ts';
import { findFile, readBounded } from './folder.ts';

export interface MnistOptions {
  /** @default 'train' */
  readonly split?: Split;
  /** A folder that holds the four files, compressed or not, itself or in a subfolder `mnist`. If given, nothing is downloaded. */
  readonly dir?: string;
  /** Whether a file that is not in the cache may be downloaded. @default true */
  readonly download?: boolean;
  /** Addresses of folders that hold the four files, tried in order. */
  readonly mirrors?: readonly string[];
  /** Folder whose subfolder `mnist` keeps the downloads. @default cacheDirectory() */
  readonly cacheDir?: string;
  /** Stops a download; the received bytes are kept, and the next download continues them. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export const MNIST_MIRRORS: readonly string[] = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

interface MnistFiles {
  readonly images: RemoteFile;
  readonly labels: RemoteFile;
}

/** The hashes are of the uncompressed files, because each mirror compresses them differently. */
const FILES: Readonly<Record<Split, MnistFiles>> = {
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

const CLASS_NAMES = Array.from({ length: 10 }, (_, digit) => `${digit}`);
const SIDE = 28;
/** Most bytes of a user's own file, unpacked: more than twice MNIST's. */
const MOST_BYTES = 128 * 2 ** 20;
const ADVICE = 'put the four MNIST files in a folder DIR and pass --data-dir DIR (in code: dir)';

const FOLDER: Check = { expected: 'the path of a folder', accepts: (value) => typeof value === 'string' && value !== '' };

/** The checks of the options. */
export const MNIST: OptionChecks<MnistOptions> = {
  split: check.oneOf(['train', 'test']),
  dir: FOLDER,
  download: check.flag,
  mirrors: { expected: 'a list of addresses', accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string') },
  cacheDir: FOLDER,
  signal: SIGNAL,
  onProgress: check.callable,
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
  checkOptions('mnist', options, MNIST);
  const { split = 'train', dir } = options;
  try {
    const { images, labels } = FILES[split];
    const read = dir === undefined ? (file: RemoteFile) => fromCache(file, options) : (file: RemoteFile) => fromFolder(file, dir);
    const [imageFile, labelFile] = [await read(images), await read(labels)];
    const set = imageSetFromIdx(imageFile.bytes, labelFile.bytes, {
      classNames: CLASS_NAMES,
      imagesName: imageFile.path,
      labelsName: labelFile.path,
    });
    if (set.height !== SIDE || set.width !== SIDE) {
      throw new SinapseError(`${imageFile.path} has images of ${set.height}x${set.width} pixels, expected ${SIDE}x${SIDE}`);
    }
    return set;
  } catch (error) {
    throw error instanceof SinapseError ? new SinapseError(`mnist: ${error.message}`, { cause: error }) : error;
  }
}

interface NamedBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

async function fromFolder(file: RemoteFile, dir: string): Promise<NamedBytes> {
  const plain = file.name.replace(/\.gz$/, '');
  const dotted = plain.replace('-idx', '.idx'); // the file's name in some archives
  const path = await findFile([dir, join(dir, 'mnist')], [file.name, plain, `${dotted}.gz`, dotted], ADVICE);
  return { path, bytes: await gunzipBounded(await readBounded(path, MOST_BYTES), MOST_BYTES, path) };
}

async function fromCache(file: RemoteFile, options: MnistOptions): Promise<NamedBytes> {
  const { download = true, mirrors = MNIST_MIRRORS, cacheDir = cacheDirectory(), signal, onProgress } = options;
  const directory = join(cacheDir, 'mnist');
  const path = join(directory, file.name);
  const kept = await readKept(path, file);
  if (kept !== undefined) return { path, bytes: kept };
  if (!download) throw new SinapseError(`${path} is not there or damaged, and downloading is off; ${ADVICE}`);
  try {
    return { path, bytes: await downloadFile(file, { directory, mirrors, signal, onProgress }) };
  } catch (error) {
    if (error instanceof SinapseError) throw new SinapseError(`${error.message}; ${ADVICE}`);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined || signal?.aborted) throw error;
    throw new SinapseError(`cannot write in ${directory} (${code}); set SINAPSE_CACHE to a folder that you can write, or ${ADVICE}`);
  }
}

/** The verified content of a file in the cache; a damaged one is deleted. */
async function readKept(path: string, file: RemoteFile): Promise<Uint8Array | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path, 2 * file.size);
  } catch (error) {
    if (error instanceof SinapseError) throw error;
    return undefined; // not there
  }
  const content = await gunzipBounded(bytes, file.size, path).catch(() => undefined);
  if (content !== undefined && hasContent(content, file)) return content;
  await rm(path, { force: true });
  return undefined;
}
