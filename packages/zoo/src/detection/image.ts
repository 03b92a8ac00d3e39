// An image on the host.

import type { Check } from '@sinapse/core';

/** Pixels `[height, width, channels]`, row by row, from 0 to 1. */
export interface HostImage {
  readonly data: ArrayLike<number>;
  readonly shape: readonly [height: number, width: number, channels: number];
}

/** The check of an image. */
export const IMAGE: Check = {
  expected: 'an image, { data, shape: [height, width, channels] }',
  accepts: (value) => {
    const { data, shape } = { ...(value as Partial<HostImage>) };
    return (
      Array.isArray(shape) &&
      shape.length === 3 &&
      shape.every((length) => Number.isSafeInteger(length) && length > 0) &&
      typeof data === 'object' &&
      data !== null &&
      data.length === shape[0] * shape[1] * shape[2]
    );
  },
};
