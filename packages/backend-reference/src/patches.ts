// The patches of images: for every output pixel of a convolution, the input values under its filter, as rows of a matrix (im2col;
// Chellapilla, Puri, Simard 2006). The matrix is never made: blocks of it are packed as product.ts asks for them.

import type { Conv2dGeometry, Shape, TypedArray } from '@sinapse/core';
import type { Pack, Store } from './product.ts';

/**
 * The matrix `[pixels, taps]` of one group: pixels are [batch, outHeight, outWidth], taps [kernelHeight, kernelWidth, groupChannels],
 * both flattened. It is walked through by runs: the channels of one place of the filter, for pixels of one output row.
 */
export class Patches {
  readonly pixels: number;
  readonly taps: number;
  private readonly height: number;
  private readonly width: number;
  private readonly channels: number;
  private readonly outHeight: number;
  private readonly outWidth: number;
  private readonly kernelWidth: number;
  private readonly groupChannels: number;
  private readonly geometry: Conv2dGeometry;
  /** Image elements from a pixel's value to the next pixel's. */
  private readonly step: number;

  // The run last located: its pixels [low, high) read the image, from `source` on; the others read the padding.
  private low = 0;
  private high = 0;
  private source = 0;

  constructor(xShape: Shape, filterShape: Shape, yShape: Shape, geometry: Conv2dGeometry) {
    [, this.height, this.width, this.channels] = xShape;
    [, this.outHeight, this.outWidth] = yShape;
    [, this.kernelWidth, this.groupChannels] = filterShape;
    this.geometry = geometry;
    this.pixels = yShape[0] * this.outHeight * this.outWidth;
    this.taps = filterShape[0] * this.kernelWidth * this.groupChannels;
    this.step = geometry.strides[1] * this.channels;
  }

  /** Rows are pixels, columns taps. */
  pack(x: TypedArray, xAt: number, group: number): Pack {
    return (pixel, pixels, tap, taps, block, stride) => this.copy(x, xAt, group, pixel, pixels, tap, taps, block, stride, 1);
  }

  /** Rows are taps, columns pixels. */
  packTransposed(x: TypedArray, xAt: number, group: number): Pack {
    return (tap, taps, pixel, pixels, block, stride) => this.copy(x, xAt, group, pixel, pixels, tap, taps, block, 1, stride);
  }

  /** The reverse of `pack`: adds every element of a block to the value of the image that it would have been copied from. */
  addTo(sums: Float64Array, group: number): Store {
    return (pixel, pixels, tap, taps, block, stride) => {
      const { step, groupChannels } = this;
      const end = pixel + pixels;
      for (let start = tap - (tap % groupChannels); start < tap + taps; start += groupChannels) {
        const from = Math.max(tap - start, 0);
        const to = Math.min(tap + taps - start, groupChannels);
        for (let first = pixel; first < end; first = this.rowEnd(first, end)) {
          this.locate(start, group, first, this.rowEnd(first, end));
          let source = this.source;
          let at = (this.low - pixel) * stride + start - tap;
          for (let p = this.low; p < this.high; p++) {
            for (let c = from; c < to; c++) sums[source + c] += block[at + c];
            source += step;
            at += stride;
          }
        }
      }
    };
  }

  private copy(
    x: TypedArray,
    xAt: number,
    group: number,
    pixel: number,
    pixels: number,
    tap: number,
    taps: number,
    block: Float64Array,
    pixelStride: number,
    tapStride: number,
  ): void {
    const { step, groupChannels } = this;
    const end = pixel + pixels;
    for (let start = tap - (tap % groupChannels); start < tap + taps; start += groupChannels) {
      const from = Math.max(tap - start, 0);
      const to = Math.min(tap + taps - start, groupChannels);
      for (let first = pixel; first < end; first = this.rowEnd(first, end)) {
        const next = this.rowEnd(first, end);
        this.locate(start, group, first, next);
        const { low, high } = this;
        for (let c = from; c < to; c++) {
          let source = xAt + this.source + c;
          let at = (first - pixel) * pixelStride + (start - tap + c) * tapStride;
          for (let p = first; p < low; p++, at += pixelStride) block[at] = 0;
          for (let p = low; p < high; p++, at += pixelStride, source += step) block[at] = x[source];
          for (let p = Math.max(low, high); p < next; p++, at += pixelStride) block[at] = 0;
        }
      }
    }
  }

  /** The end of the output row that a pixel is in, or `end` before that. */
  private rowEnd(pixel: number, end: number): number {
    return Math.min(end, pixel - (pixel % this.outWidth) + this.outWidth);
  }

  /** Finds what pixels [first, next) of one output row see at the place of the filter whose taps begin at `tap`. */
  private locate(tap: number, group: number, first: number, next: number): void {
    const { strides, padding, dilation } = this.geometry;
    const place = tap / this.groupChannels;
    const placeColumn = place % this.kernelWidth;
    const placeRow = (place - placeColumn) / this.kernelWidth;
    const outColumn = first % this.outWidth;
    const outRows = (first - outColumn) / this.outWidth;
    const outRow = outRows % this.outHeight;
    const image = (outRows - outRow) / this.outHeight;
    const row = outRow * strides[0] - padding[0] + placeRow * dilation[0];
    // Output column o reads column o * stride + shift of the image.
    const shift = placeColumn * dilation[1] - padding[2];
    const rowStart = first - outColumn;
    this.low = Math.min(next, Math.max(first, rowStart + Math.ceil(-shift / strides[1])));
    this.high = row < 0 || row >= this.height ? first : Math.min(next, rowStart + Math.ceil((this.width - shift) / strides[1]));
    const column = (this.low - rowStart) * strides[1] + shift;
    this.source = ((image * this.height + row) * this.width + column) * this.channels + group * this.groupChannels;
  }
}
