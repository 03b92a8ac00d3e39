// CIFAR-10 and CIFAR-100 (Krizhevsky 2009): 50,000 small photographs to train with and 10,000 to test, 32 x 32 in colour.

import { SinapseError, checkOptions } from '@sinapse/core';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { imageSetFromCifar } from '../cifar.ts';
import type { Split } from '../digits/digits.ts';
import type { ImageSet } from '../images/image-set.ts';
import type { RemoteFile } from './download.ts';
import { CIFAR10_CLASSES, CIFAR100_CLASSES } from './cifar-classes.ts';
import { SET, fromCache, fromFolder, reading } from './set-files.ts';
import type { NamedBytes, SetOptions, SetSource } from './set-files.ts';
import { tarFiles } from './tar.ts';

interface CifarSet extends SetSource {
  readonly archive: RemoteFile;
  /** Folder within the archive. */
  readonly folder: string;
  readonly parts: Readonly<Record<Split, readonly string[]>>;
  readonly labelBytes: 1 | 2;
  readonly classNames: readonly string[];
}

const MIRRORS: readonly string[] = ['https://www.cs.toronto.edu/~kriz/'];
/** Most bytes of an unpacked archive. */
const MOST_BYTES = 200_000_000;

/** Hashes of the archives, as TensorFlow Datasets publishes them (url_checksums/cifar10.txt, cifar100.txt). */
const CIFAR10: CifarSet = {
  name: 'cifar10',
  files: 'cifar-10-binary.tar.gz, or its .bin files,',
  mirrors: MIRRORS,
  archive: {
    name: 'cifar-10-binary.tar.gz',
    sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    size: 170_052_171,
    unpacked: MOST_BYTES,
  },
  folder: 'cifar-10-batches-bin',
  parts: { train: [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`), test: ['test_batch.bin'] },
  labelBytes: 1,
  classNames: CIFAR10_CLASSES,
};

const CIFAR100: CifarSet = {
  name: 'cifar100',
  files: 'cifar-100-binary.tar.gz, or its .bin files,',
  mirrors: MIRRORS,
  archive: {
    name: 'cifar-100-binary.tar.gz',
    sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    size: 168_513_733,
    unpacked: MOST_BYTES,
  },
  folder: 'cifar-100-binary',
  parts: { train: ['train.bin'], test: ['test.bin'] },
  labelBytes: 2,
  classNames: CIFAR100_CLASSES,
};

/**
 * Reads one half of CIFAR-10.
 * @returns images `[50000 or 10000, 32, 32, 3]`, labels 0 to 9
 * @throws SinapseError that says what to do, when a file is missing, damaged, or cannot be downloaded; the signal's reason
 */
export async function cifar10(options: SetOptions = {}): Promise<ImageSet> {
  return read(CIFAR10, options);
}

/**
 * Reads one half of CIFAR-100, with its fine classes.
 * @returns images `[50000 or 10000, 32, 32, 3]`, labels 0 to 99
 * @throws SinapseError as `cifar10`
 */
export async function cifar100(options: SetOptions = {}): Promise<ImageSet> {
  return read(CIFAR100, options);
}

async function read(set: CifarSet, options: SetOptions): Promise<ImageSet> {
  checkOptions(set.name, options, SET);
  const { split = 'train', dir } = options;
  return reading(set, async () => {
    const names = set.parts[split];
    const files = dir === undefined ? fromArchive(set, await fromCache(set, set.archive, options), names) : await fromUser(set, dir, names);
    const parts = files.map(({ path, bytes }) =>
      imageSetFromCifar(bytes, { classNames: set.classNames, labelBytes: set.labelBytes, name: path }),
    );
    const images = new Uint8Array(parts.reduce((sum, part) => sum + part.images.length, 0));
    const labels = new Uint8Array(parts.reduce((sum, part) => sum + part.labels.length, 0));
    let [pixel, example] = [0, 0];
    for (const part of parts) {
      images.set(part.images, pixel);
      labels.set(part.labels, example);
      pixel += part.images.length;
      example += part.labels.length;
    }
    return { ...parts[0]!, images, labels };
  });
}

async function fromUser(set: CifarSet, dir: string, names: readonly string[]): Promise<NamedBytes[]> {
  const archive = join(dir, set.archive.name);
  if ((await stat(archive).catch(() => undefined))?.isFile() === true) return fromArchive(set, await fromFolder(set, dir, [set.archive.name], MOST_BYTES), names); // prettier-ignore
  return Promise.all(names.map((name) => fromFolder(set, dir, [name], MOST_BYTES, [set.folder, set.name])));
}

function fromArchive(set: CifarSet, { path, bytes }: NamedBytes, names: readonly string[]): NamedBytes[] {
  const files = tarFiles(bytes, path);
  return names.map((name) => {
    const file = files.get(`${set.folder}/${name}`);
    if (file === undefined) throw new SinapseError(`${path} has no ${set.folder}/${name}`);
    return { path: `${path}/${name}`, bytes: file };
  });
}
