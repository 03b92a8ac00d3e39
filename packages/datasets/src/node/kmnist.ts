// KMNIST (Clanuwat et al. 2018): cursive Japanese characters in MNIST's form, 28 x 28 grey, ten classes.

import type { ImageSet } from '../images/image-set.ts';
import { readIdxSet } from './idx-set.ts';
import type { IdxFiles } from './idx-set.ts';
import type { SetOptions } from './set-files.ts';

const MIRRORS: readonly string[] = ['http://codh.rois.ac.jp/kmnist/dataset/kmnist/'];

/** Hashes of the compressed files, as TensorFlow Datasets publishes them (url_checksums/kmnist.txt). */
const FILES: IdxFiles = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte.gz',
      sha256: '51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4',
      size: 18_165_135,
      unpacked: 47_040_016,
    },
    labels: {
      name: 'train-labels-idx1-ubyte.gz',
      sha256: 'e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17',
      size: 29_497,
      unpacked: 60_008,
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte.gz',
      sha256: 'edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5',
      size: 3_041_136,
      unpacked: 7_840_016,
    },
    labels: {
      name: 't10k-labels-idx1-ubyte.gz',
      sha256: '20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c',
      size: 5120,
      unpacked: 10_008,
    },
  },
};

/**
 * Reads one half of KMNIST.
 * @returns images `[60000 or 10000, 28, 28, 1]`, labels 0 to 9
 * @throws SinapseError that says what to do, when a file is missing, damaged, or cannot be downloaded; the signal's reason
 */
export async function kmnist(options: SetOptions = {}): Promise<ImageSet> {
  const classNames = ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'];
  return readIdxSet({ name: 'kmnist', files: 'the four KMNIST files', mirrors: MIRRORS, remote: FILES, classNames }, options);
}
