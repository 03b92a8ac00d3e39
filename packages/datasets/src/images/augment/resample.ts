// Images on another grid of pixels. Pixel (row, column) covers the square around (row + ½, column + ½).

import type { Picture } from './picture.ts';

/** Writes where in the source the middle of a pixel lies: `at[0]` across, `at[1]` down. */
export type PixelMap = (x: number, y: number, at: Float64Array) => void;

/**
 * Reads each pixel of the result from a place of the source, between its four nearest pixels (bilinear). Outside the source lies `fill`.
 * @param fill a byte for all channels
 */
export function warp(picture: Picture, height: number, width: number, map: PixelMap, fill: number): Picture {
  const { data, channels } = picture;
  const out = new Uint8Array(height * width * channels);
  const at = new Float64Array(2);
  const pixel = (row: number, column: number, channel: number): number =>
    row < 0 || column < 0 || row >= picture.height || column >= picture.width
      ? fill
      : data[(row * picture.width + column) * channels + channel]!;
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      map(column + 0.5, row + 0.5, at);
      const [x, y] = [at[0]! - 0.5, at[1]! - 0.5];
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, below] = [x - left, y - top];
      for (let channel = 0; channel < channels; channel++) {
        const upper = (1 - right) * pixel(top, left, channel) + right * pixel(top, left + 1, channel);
        const lower = (1 - right) * pixel(top + 1, left, channel) + right * pixel(top + 1, left + 1, channel);
        out[to++] = Math.floor((1 - below) * upper + below * lower + 0.5);
      }
    }
  }
  return { data: out, height, width, channels };
}

/** A rectangle of an image, in pixels; its sides may lie between pixels. */
export interface Region {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Scales a region to another size with a triangle filter, whose width grows when the image shrinks, so that no pixel is skipped: Pillow's
 * and torchvision's bilinear resize with antialiasing.
 */
export function resize(
  picture: Picture,
  height: number,
  width: number,
  region: Region = { top: 0, left: 0, height: picture.height, width: picture.width },
): Picture {
  const { data, channels } = picture;
  const across = weights(region.left, region.width, picture.width, width);
  const down = weights(region.top, region.height, picture.height, height);
  const firstRow = down.reduce((least, { from }) => Math.min(least, from), picture.height);
  const lastRow = down.reduce((most, { from, shares }) => Math.max(most, from + shares.length), 0);
  const rows = new Float64Array((lastRow - firstRow) * width * channels);
  for (let row = firstRow, to = 0; row < lastRow; row++) {
    for (let column = 0; column < width; column++) {
      const { from, shares } = across[column]!;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let i = 0, read = (row * picture.width + from) * channels + channel; i < shares.length; i++, read += channels)
          sum += shares[i]! * data[read]!;
        rows[to++] = sum;
      }
    }
  }
  const out = new Uint8Array(height * width * channels);
  const stride = width * channels;
  for (let row = 0, to = 0; row < height; row++) {
    const { from, shares } = down[row]!;
    for (let column = 0; column < stride; column++) {
      let sum = 0;
      for (let i = 0, read = (from - firstRow) * stride + column; i < shares.length; i++, read += stride) sum += shares[i]! * rows[read]!;
      out[to++] = Math.min(255, Math.floor(sum + 0.5));
    }
  }
  return { data: out, height, width, channels };
}

/** The pixels that make one pixel of the result, from the place `from` on, with their shares. */
interface Weights {
  readonly from: number;
  readonly shares: Float64Array;
}

function weights(start: number, length: number, size: number, count: number): Weights[] {
  const scale = length / count;
  const reach = Math.max(scale, 1);
  return Array.from({ length: count }, (_, i) => {
    const middle = start + (i + 0.5) * scale;
    const from = Math.min(size - 1, Math.max(0, Math.floor(middle - reach + 0.5)));
    const to = Math.max(from + 1, Math.min(size, Math.floor(middle + reach + 0.5)));
    const shares = Float64Array.from({ length: to - from }, (__, k) => Math.max(0, 1 - Math.abs((from + k + 0.5 - middle) / reach)));
    const sum = shares.reduce((total, share) => total + share, 0);
    return { from, shares: sum > 0 ? shares.map((share) => share / sum) : shares.map(() => 1 / shares.length) };
  });
}
