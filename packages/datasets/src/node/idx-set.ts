// Data sets in the files of MNIST's form: images and labels of each half as IDX.

import { SinapseError, checkOptions } from '@sinapse/core';
import type { Split } from '../digits/digits.ts';
import { imageSetFromIdx } from '../idx.ts';
import type { ImageSet } from '../images/image-set.ts';
import type { RemoteFile } from './download.ts';
import { SET, fromCache, fromFolder, reading } from './set-files.ts';
import type { SetOptions, SetSource } from './set-files.ts';

/** The two files of each half. */
export type IdxFiles = Readonly<Record<Split, { readonly images: RemoteFile; readonly labels: RemoteFile }>>;

/** A set of 28 x 28 grey images. */
export interface IdxSet extends SetSource {
  readonly remote: IdxFiles;
  readonly classNames: readonly string[];
}

const SIDE = 28;
/** Most bytes of a user's own file, unpacked: more than twice MNIST's. */
const MOST_BYTES = 128 * 2 ** 20;

/** Reads one half of a set. */
export async function readIdxSet(set: IdxSet, options: SetOptions): Promise<ImageSet> {
  checkOptions(set.name, options, SET);
  const { split = 'train', dir } = options;
  return reading(set, async () => {
    const { images, labels } = set.remote[split];
    const read = (file: RemoteFile) =>
      dir === undefined ? fromCache(set, file, options) : fromFolder(set, dir, namesOf(file), MOST_BYTES);
    const [imageFile, labelFile] = [await read(images), await read(labels)];
    const found = imageSetFromIdx(imageFile.bytes, labelFile.bytes, {
      classNames: set.classNames,
      imagesName: imageFile.path,
      labelsName: labelFile.path,
    });
    if (found.height !== SIDE || found.width !== SIDE) {
      throw new SinapseError(`${imageFile.path} has images of ${found.height}x${found.width} pixels, expected ${SIDE}x${SIDE}`);
    }
    return found;
  });
}

/** The names that a file may have: compressed or not, and as some archives call it. */
function namesOf(file: RemoteFile): [string, ...string[]] {
  const plain = file.name.replace(/\.gz$/, '');
  const dotted = plain.replace('-idx', '.idx');
  return [file.name, plain, `${dotted}.gz`, dotted];
}
