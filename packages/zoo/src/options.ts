// The checks of options that several models have. Options may come from code, a command line or a model file.

import type { Check } from '@sinapse/core';

/** The shape of an image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Checks for `[height, width, channels]`, each number from its `least` to its `most`. */
export function imageShape(least: ImageShape, most: ImageShape): Check {
  return {
    expected: `[height, width, channels] from [${least.join(',')}] to [${most.join(',')}]`,
    accepts: (value) =>
      Array.isArray(value) &&
      value.length === 3 &&
      value.every((length, i) => Number.isInteger(length) && length >= least[i]! && length <= most[i]!),
  };
}
