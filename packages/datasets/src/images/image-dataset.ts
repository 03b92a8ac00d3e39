import { SinapseError, check, checkOptions, randomKey } from '@sinapse/core';
import type { OptionChecks, Seed } from '@sinapse/core';
import { Dataset } from '../dataset.ts';
import { SEED } from '../pipeline/option-checks.ts';
import type { Transform } from './augment/picture.ts';
import { streamFor } from './augment/picture.ts';
import { checkImageSet } from './image-set.ts';
import type { ImageSet } from './image-set.ts';
import { createPreprocessor } from './preprocessing.ts';
import type { HostImages, Preprocessing } from './preprocessing.ts';

/** One preprocessed image with its label. */
export interface Example {
  readonly x: { readonly data: Float32Array; /** `[height, width, channels]` */ readonly shape: [number, number, number] };
  /** Class index. */
  readonly y: number;
}

/** Several preprocessed images with their labels, on the host. */
export interface ImageBatch {
  /** Shape `[batch, height, width, channels]`. */
  readonly x: HostImages;
  /** Class indices, shape `[batch]`. */
  readonly y: { readonly data: Int32Array; readonly shape: [number] };
}

export interface ImageDatasetOptions {
  /** Changes each image at random, anew in each epoch, before it is preprocessed: `compose([randomFlip(), randomCrop({ size: 32, pad: 4 })])`. */
  readonly augment?: Transform;
  /** Seed of these changes: what becomes of an image depends on it, the epoch and the image's place in the set. @default 0 */
  readonly seed?: Seed;
}

const OPTIONS: OptionChecks<ImageDatasetOptions> = { augment: check.callable, seed: SEED };

/**
 * The images of a set as a dataset. A batch is written from the pixels straight into one array, without an object for each image.
 * @param preprocessing by default it scales pixels to 0 to 1
 * @throws SinapseError when sizes, labels or the preprocessing do not fit together; while it is read, when an augmentation gives images of
 *   different sizes
 * @example
 * for await (const { x, y } of imageDataset(digits()).shuffle(7).batch(32).iterate({ epoch: 0 })) train(x, y);
 */
export function imageDataset(
  set: ImageSet,
  preprocessing: Preprocessing = { scale: 1 / 255 },
  options: ImageDatasetOptions = {},
): Dataset<Example, ImageBatch> {
  checkImageSet(set);
  checkOptions('imageDataset', options, OPTIONS);
  const images =
    options.augment === undefined ? plain(set, preprocessing) : augmented(set, preprocessing, options.augment, options.seed ?? 0);
  const { labels } = set;
  return Dataset.from<Example, ImageBatch>({
    length: labels.length,
    get(index, epoch) {
      const { data, shape } = images(Int32Array.of(index), epoch);
      return { x: { data, shape: [shape[1], shape[2], shape[3]] }, y: labels[index]! };
    },
    gather(indices, epoch) {
      return { x: images(indices, epoch), y: { data: indices.map((index) => labels[index]!), shape: [indices.length] } };
    },
  });
}

/** Makes preprocessed images of those at given places. */
type Images = (indices: Int32Array, epoch: number) => HostImages;

function plain(set: ImageSet, preprocessing: Preprocessing): Images {
  return createPreprocessor(set, preprocessing);
}

function augmented(set: ImageSet, preprocessing: Preprocessing, augment: Transform, seed: Seed): Images {
  const { height, width, channels } = set;
  const size = height * width * channels;
  const key = randomKey(seed).fold('augment');
  return (indices, epoch) => {
    let pixels = new Uint8Array(0);
    let [rows, columns, depth] = [0, 0, 0];
    indices.forEach((index, i) => {
      const picture = { data: set.images.subarray(index * size, (index + 1) * size), height, width, channels };
      const changed = augment(picture, streamFor(key, epoch, index));
      if (i === 0) {
        [rows, columns, depth] = [changed.height, changed.width, changed.channels];
        pixels = new Uint8Array(indices.length * rows * columns * depth);
      } else if (changed.height !== rows || changed.width !== columns || changed.channels !== depth) {
        throw new SinapseError(
          `imageDataset: the augmentation gives images of ${rows}x${columns}x${depth} and ${changed.height}x${changed.width}x${changed.channels}; end it with a crop or resizeTo`,
        );
      }
      pixels.set(changed.data, i * rows * columns * depth);
    });
    const raw = { images: pixels, height: rows, width: columns, channels: depth };
    return createPreprocessor(raw, preprocessing)(Int32Array.from({ length: indices.length }, (_, i) => i));
  };
}
