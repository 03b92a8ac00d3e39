// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): photographs of clothes in MNIST's form, 28 x 28 grey, ten classes.

import type { ImageSet } from '../images/image-set.ts';
import { readIdxSet } from './idx-set.ts';
import type { IdxFiles } from './idx-set.ts';
import type { SetOptions } from './set-files.ts';

const MIRRORS: readonly string[] = [
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/',
];

/** Hashes of the compressed files, as TensorFlow Datasets publishes them (url_checksums/fashion_mnist.txt). */
const FILES: IdxFiles = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte.gz',
      sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
      size: 26_421_880,
      unpacked: 47_040_016,
    },
    labels: {
      name: 'train-labels-idx1-ubyte.gz',
      sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
      size: 29_515,
      unpacked: 60_008,
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte.gz',
      sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
      size: 4_422_102,
      unpacked: 7_840_016,
    },
    labels: {
      name: 't10k-labels-idx1-ubyte.gz',
      sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
      size: 5148,
      unpacked: 10_008,
    },
  },
};

const CLASS_NAMES = ['T-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle boot'];

/**
 * Reads one half of Fashion-MNIST.
 * @returns images `[60000 or 10000, 28, 28, 1]`, labels 0 to 9
 * @throws SinapseError that says what to do, when a file is missing, damaged, or cannot be downloaded; the signal's reason
 */
export async function fashionMnist(options: SetOptions = {}): Promise<ImageSet> {
  return readIdxSet(
    { name: 'fashion-mnist', files: 'the four Fashion-MNIST files', mirrors: MIRRORS, remote: FILES, classNames: CLASS_NAMES },
    options,
  );
}
