// What the options of several models may be. They come from anywhere: code, a command line, a model file.

import type { Check } from '@sinapse/core';

/** An image's shape, as a file or a form gives it. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** `[height, width, channels]`, each within bounds, both included. */
export function imageShape(least: ImageShape, most: ImageShape): Check {
  return {
    expected: `[height, width, channels] from [${least.join(',')}] to [${most.join(',')}]`,
    accepts: (value) =>
      Array.isArray(value) &&
      value.length === 3 &&
      value.every((length, i) => Number.isInteger(length) && length >= least[i]! && length <= most[i]!),
  };
}
