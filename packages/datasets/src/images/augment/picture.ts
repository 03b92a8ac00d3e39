// One image on the host, and a random change of it.

import { RandomStream, SinapseError, check, checkValue, randomKey, shown } from '@sinapse/core';
import type { Check, RandomKey, Seed } from '@sinapse/core';
import { SEED } from '../../pipeline/option-checks.ts';

/** An image: bytes `[height, width, channels]`, 1 channel for grey, 3 for red, green and blue. */
export interface Picture {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Changes an image at random. It leaves the given one as it is, and may return it. */
export type Transform = (picture: Picture, random: RandomStream) => Picture;

const PICTURE: Check = {
  expected: 'an image, { data, height, width, channels }',
  accepts: (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const { data, height, width, channels } = value as Record<string, unknown>;
    return (
      check.bytes.accepts(data) &&
      [height, width, channels].every((size) => check.count.accepts(size)) &&
      (data as Uint8Array).length === (height as number) * (width as number) * (channels as number)
    );
  },
};

/** @throws SinapseError unless the value is an image whose bytes fill its shape */
export function checkPicture(owner: string, picture: Picture): void {
  checkValue(owner, picture, PICTURE);
}

/** A pair of numbers, the second not below the first. */
export function rangeCheck(least: number, most: number): Check {
  return {
    expected: `[low, high] within ${least} to ${most}`,
    accepts: (value) =>
      Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] >= least && value[0] <= value[1] && value[1] <= most, // prettier-ignore
  };
}

/** A number within [low, high). */
export function between(random: RandomStream, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** The nearest byte. */
export function byte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.floor(value + 0.5);
}

const TRANSFORMS: Check = {
  expected: 'a list of transforms, e.g. [randomFlip()]',
  accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'function'),
};

/**
 * Several transforms after each other, as one.
 * @example
 * const augmentation = compose([randomFlip(), randomCrop({ size: 32, pad: 4 })]);
 */
export function compose(transforms: readonly Transform[]): Transform {
  checkValue('compose', transforms, TRANSFORMS);
  return (picture, random) => transforms.reduce((current, transform) => transform(current, random), picture);
}

/**
 * A transform that is applied with a probability only.
 * @throws SinapseError when an argument is out of range
 */
export function randomly(probability: number, transform: Transform): Transform {
  checkValue('randomly: probability', probability, check.probability);
  checkValue('randomly: transform', transform, check.callable);
  return (picture, random) => (random.uniform() < probability ? transform(picture, random) : picture);
}

/**
 * Applies a transform to one image. The result depends only on the image, the transform and the seed, to the bit, in Node and in browsers.
 * @throws SinapseError when the image's bytes do not fill its shape
 */
export function transformPicture(picture: Picture, transform: Transform, seed: Seed = 0): Picture {
  checkPicture('transformPicture', picture);
  checkValue('transformPicture: transform', transform, check.callable);
  checkValue('transformPicture: seed', seed, SEED);
  const result = transform(picture, new RandomStream(randomKey(seed)));
  if (!PICTURE.accepts(result)) throw new SinapseError(`transformPicture: the transform gave ${shown(result)}, expected an image`);
  return result;
}

/** The random numbers for an image of a set in an epoch: they do not depend on the order, so a resumed run repeats them. */
export function streamFor(key: RandomKey, epoch: number, index: number): RandomStream {
  return new RandomStream(key.fold(epoch).fold(index));
}
