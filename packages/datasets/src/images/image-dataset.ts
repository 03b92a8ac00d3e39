import { Dataset } from '../dataset.ts';
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

/**
 * The images of a set as a dataset. A batch is written from the pixels straight into one array, without an object for each image.
 * @param preprocessing by default it scales pixels to 0 to 1
 * @throws SinapseError when sizes, labels or the preprocessing do not fit together
 * @example
 * for await (const { x, y } of imageDataset(digits()).shuffle(7).batch(32).iterate({ epoch: 0 })) train(x, y);
 */
export function imageDataset(set: ImageSet, preprocessing: Preprocessing = { scale: 1 / 255 }): Dataset<Example, ImageBatch> {
  checkImageSet(set);
  const preprocess = createPreprocessor(set, preprocessing);
  const { labels } = set;
  return Dataset.from<Example, ImageBatch>({
    length: labels.length,
    get(index) {
      const { data, shape } = preprocess(Int32Array.of(index));
      return { x: { data, shape: [shape[1], shape[2], shape[3]] }, y: labels[index]! };
    },
    gather(indices) {
      return { x: preprocess(indices), y: { data: indices.map((index) => labels[index]!), shape: [indices.length] } };
    },
  });
}
