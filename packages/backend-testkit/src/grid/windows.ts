// Images and sliding windows, for the cases of convolution and pooling.

import type { Padding2d, Pair } from '@sinapse/core';

type Padding = 'valid' | 'same' | 'asymmetric' | 'wide';

export interface Sliding {
  readonly batch: number;
  readonly image: Pair;
  readonly window: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/** Zeros on the four sides; `wide` is more than the window for a convolution. */
export function paddingOf({ image, window, strides, padding }: Sliding, dilation: Pair, pooling: boolean): Padding2d {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') {
    const [vertical, horizontal] = image.map((length, i) =>
      Math.max(0, (Math.ceil(length / strides[i]!) - 1) * strides[i]! + dilation[i]! * (window[i]! - 1) + 1 - length),
    ) as [number, number];
    return [vertical >> 1, vertical - (vertical >> 1), horizontal >> 1, horizontal - (horizontal >> 1)];
  }
  const wanted: Padding2d = padding === 'asymmetric' ? [0, 2, 1, 0] : [3, 3, 3, 4];
  return pooling ? (wanted.map((width, side) => Math.min(width, window[side >> 1]! - 1)) as unknown as Padding2d) : wanted;
}

export function outputOf({ image, window, strides }: Sliding, padding: Padding2d, dilation: Pair): Pair {
  return image.map(
    (length, i) => Math.floor((length + padding[2 * i]! + padding[2 * i + 1]! - dilation[i]! * (window[i]! - 1) - 1) / strides[i]!) + 1,
  ) as unknown as Pair;
}

export function fits(row: Sliding, dilation: Pair, pooling: boolean): boolean {
  return outputOf(row, paddingOf(row, dilation, pooling), dilation).every((length) => length >= 1);
}

export const IMAGES: readonly Pair[] = [[1, 1], [5, 5], [7, 4], [8, 8], [9, 13], [16, 17]]; // prettier-ignore

export const STRIDES: readonly Pair[] = [[1, 1], [2, 2], [2, 1], [3, 3]]; // prettier-ignore

export const PADDINGS: readonly Padding[] = ['valid', 'same', 'asymmetric', 'wide'];
