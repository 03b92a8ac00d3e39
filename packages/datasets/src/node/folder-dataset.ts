// A folder of images that are decoded as they are needed, for those that memory cannot hold.

import { SinapseError, check, checkOptions, randomKey } from '@sinapse/core';
import type { OptionChecks, Seed } from '@sinapse/core';
import { Dataset } from '../dataset.ts';
import { streamFor } from '../images/augment/picture.ts';
import type { Transform } from '../images/augment/picture.ts';
import type { Example } from '../images/image-dataset.ts';
import { preprocessImages } from '../images/preprocessing.ts';
import type { Preprocessing } from '../images/preprocessing.ts';
import { SEED } from '../pipeline/option-checks.ts';
import { decodeFile } from './decode-file.ts';
import { DECODE } from './decode-image.ts';
import type { DecodeOptions } from './decode-image.ts';
import { checkImageFolder } from './image-folder.ts';
import type { ImageFolder } from './image-folder.ts';

export interface FolderDatasetOptions extends DecodeOptions {
  /** @default scales pixels to 0 to 1 */
  readonly preprocessing?: Preprocessing;
  /** Changes each image at random, as in `imageDataset`. */
  readonly augment?: Transform;
  /** @default 0 */
  readonly seed?: Seed;
}

const OPTIONS: OptionChecks<FolderDatasetOptions> = {
  ...DECODE,
  preprocessing: { expected: 'a preprocessing, e.g. { scale: 1 / 255 }', accepts: (value) => typeof value === 'object' && value !== null },
  augment: check.callable,
  seed: SEED,
};

/**
 * The images of a folder as a dataset that decodes them when they are read; the images of a batch are decoded at the same time.
 * @throws SinapseError when an option is wrong; where an element is read, when its file cannot be decoded, which it names; `imageFolder`
 *   leaves such files out with `unreadable: 'skip'`
 * @example
 * const batches = folderDataset(folder, { size: 224, augment }).shuffle(1).batch(32).prefetch(2);
 */
export function folderDataset(folder: ImageFolder, options: FolderDatasetOptions = {}): Dataset<Example> {
  checkImageFolder('folderDataset', folder);
  checkOptions('folderDataset', options, OPTIONS);
  const { preprocessing = { scale: 1 / 255 }, augment, seed = 0, ...decoding } = options;
  const key = randomKey(seed).fold('augment');
  return Dataset.from<Example>({
    length: folder.files.length,
    async get(index, epoch) {
      const path = folder.files[index]!;
      const picture = await decodeFile(path, decoding);
      if (typeof picture === 'string')
        throw new SinapseError(`folderDataset: ${path}: ${picture}; imageFolder(path, { unreadable: 'skip' }) leaves such files out`);
      const changed = augment === undefined ? picture : augment(picture, streamFor(key, epoch, index));
      const { data, shape } = preprocessImages({ ...changed, images: changed.data }, preprocessing);
      return { x: { data, shape: [shape[1], shape[2], shape[3]] }, y: folder.labels[index]! };
    },
  });
}
