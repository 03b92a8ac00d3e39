// Cuts boxes out of an image and brings them all to one size, as a network needs them. Girshick et al. 2014, section 2.1 and appendix A.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions, checkValue } from '@sinapse/core';
import type { Box } from './box.ts';
import { BOXES } from './box.ts';
import type { HostImage } from './image.ts';
import { IMAGE } from './image.ts';

export interface WarpOptions {
  /** The height and width of the result; integers >= 1. */
  readonly size: readonly [height: number, width: number];
  /** The pixels of the result at each side that show what is around the box; an integer >= 0, less than half of the size. Default 0. */
  readonly context?: number;
}

const WARP: OptionChecks<WarpOptions> = {
  size: check.required({
    expected: '[height, width], integers >= 1',
    accepts: (value) => Array.isArray(value) && value.length === 2 && value.every(check.count.accepts),
  }),
  context: check.natural,
};

/**
 * The boxes of an image, each stretched to one size whatever its own, by bilinear interpolation. What lies outside the image is like its nearest pixel.
 * @returns values `[boxes, height, width, channels]`
 * @throws SinapseError when an argument is not what it must be, or an option is unknown or out of range
 */
export function warpRegions(
  image: HostImage,
  boxes: readonly Box[],
  options: WarpOptions,
): { readonly data: Float32Array; readonly shape: [boxes: number, height: number, width: number, channels: number] } {
  checkValue('warpRegions: the image', image, IMAGE);
  checkValue('warpRegions: the boxes', boxes, BOXES);
  checkOptions('warpRegions', options, WARP);
  const { size, context = 0 } = options;
  const [height, width] = size;
  checkValue('warpRegions: context', context, {
    expected: `less than half of the size ${height} x ${width}`,
    accepts: () => 2 * context < Math.min(height, width),
  });
  const channels = image.shape[2];
  const length = height * width * channels;
  const data = new Float32Array(boxes.length * length);
  boxes.forEach((box, i) => warp(image, box, height, width, context, data.subarray(i * length, (i + 1) * length)));
  return { data, shape: [boxes.length, height, width, channels] };
}

function warp({ data, shape }: HostImage, box: Box, height: number, width: number, context: number, result: Float32Array): void {
  const [rows, columns, channels] = shape;
  const [left, top, right, bottom] = box;
  const stepX = (right - left) / (width - 2 * context);
  const stepY = (bottom - top) / (height - 2 * context);
  let i = 0;
  for (let row = 0; row < height; row++) {
    const y = clamp(top + (row - context + 0.5) * stepY - 0.5, rows - 1);
    const y0 = Math.floor(y);
    const y1 = Math.min(y0 + 1, rows - 1);
    for (let column = 0; column < width; column++) {
      const x = clamp(left + (column - context + 0.5) * stepX - 0.5, columns - 1);
      const x0 = Math.floor(x);
      const x1 = Math.min(x0 + 1, columns - 1);
      for (let channel = 0; channel < channels; channel++) {
        const at = (r: number, c: number): number => data[(r * columns + c) * channels + channel]!;
        const above = at(y0, x0) + (x - x0) * (at(y0, x1) - at(y0, x0));
        const below = at(y1, x0) + (x - x0) * (at(y1, x1) - at(y1, x0));
        result[i++] = above + (y - y0) * (below - above);
      }
    }
  }
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
