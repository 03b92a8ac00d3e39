import type { Check } from '@sinapse/core';
import { SinapseError, check, checkValue } from '@sinapse/core';

/** Labelled images in memory. */
export interface ImageSet {
  /** Pixels 0 to 255, shape `[count, height, width, channels]`. */
  readonly images: Uint8Array;
  /** The class of each image, 0 to `classNames.length - 1`, shape `[count]`. */
  readonly labels: Uint8Array | Int32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classNames: readonly string[];
}

const IMAGE_SET: Check = {
  expected: 'images with labels, { images, labels, height, width, channels, classNames }',
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['images', 'labels', 'classNames'].every((name) => typeof (value as Record<string, { length?: unknown }>)[name]?.length === 'number'),
};

/**
 * Checks that sizes and labels fit together.
 * @throws SinapseError that names the first mismatch
 */
export function checkImageSet(set: ImageSet): void {
  checkValue('image set', set, IMAGE_SET);
  const { images, labels, height, width, channels, classNames } = set;
  for (const [name, size] of Object.entries({ height, width, channels })) {
    checkValue(`image set: ${name}`, size, check.count);
  }
  const expected = labels.length * height * width * channels;
  if (images.length !== expected) {
    throw new SinapseError(
      `image set: ${labels.length} labels of ${height}x${width}x${channels} images need ${expected} pixels, got ${images.length}`,
    );
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label < 0 || label >= classNames.length) {
      throw new SinapseError(`image set: label ${label} of image ${i} is not one of the ${classNames.length} classes`);
    }
  }
}

/**
 * The first images of a set, sharing its memory.
 * @throws SinapseError when `count` is not an integer from 0 to the set's size
 */
export function takeImages(set: ImageSet, count: number): ImageSet {
  checkValue('image set', set, IMAGE_SET);
  if (!Number.isInteger(count) || count < 0 || count > set.labels.length) {
    throw new SinapseError(`image set: cannot take ${count} images of ${set.labels.length}`);
  }
  const size = set.height * set.width * set.channels;
  return { ...set, images: set.images.subarray(0, count * size), labels: set.labels.subarray(0, count) };
}
