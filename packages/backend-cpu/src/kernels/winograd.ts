// Chooses the convolutions that Winograd's algorithm computes (kernels/convolution/winograd.h), by shapes alone.

import type { Conv2dGeometry, Padding2d, Pair } from '@sinapse/core';

/** Results along each axis of a tile: F(2x2, 3x3) or F(4x4, 3x3). 0: the convolution is computed directly. */
export type WinogradTile = 0 | 2 | 4;

/** A convolution with stride 1: the forward one, or the one of dy that gives the gradient of the input. */
export interface Convolved {
  readonly batch: number;
  /** Height and width of the result. */
  readonly size: Pair;
  /** Channels that are summed, and channels of the result. */
  readonly terms: number;
  readonly columns: number;
  /** Zeros around this convolution's input; negative where it does not read the border. */
  readonly padding: Padding2d;
}

/** With fewer multiplications the transforms hardly pay (measured on one and two threads), and a direct sum has the smaller error bound. */
const LEAST_MACS = 2 ** 22;
/** With wider padding, some results depend on one tap of the window or none; the other results of a tile would determine their error. */
const MOST_PADDING = 1;
/** Fewer channels are not worth the transforms, fewer tiles not worth reading the transformed filter. */
const LEAST_CHANNELS = 16;
const LEAST_TILES = 16;

/** The cost of a tile relative to its multiplications, with both transforms (measured). */
const OVERHEAD: Readonly<Record<2 | 4, number>> = { 2: 1.3, 4: 1.5 };

/** The tile to use, if the error bound and the cost of Winograd's algorithm permit; else 0. */
export function winogradTile(
  window: Pair,
  { strides, dilation, groups }: Conv2dGeometry,
  { batch, size, terms, columns, padding }: Convolved,
): WinogradTile {
  const plain = window[0] === 3 && window[1] === 3 && strides[0] * strides[1] * dilation[0] * dilation[1] * groups === 1;
  if (!plain || Math.max(...padding) > MOST_PADDING || Math.min(...padding) < 0) return 0;
  if (Math.min(terms, columns) < LEAST_CHANNELS) return 0;
  const [height, width] = size;
  if (batch * height * width * 9 * terms * columns < LEAST_MACS) return 0;
  let best: WinogradTile = 0;
  let cost = height * width * 9;
  for (const tile of [2, 4] as const) {
    const tiles = Math.ceil(height / tile) * Math.ceil(width / tile);
    const own = tiles * (tile + 2) ** 2 * OVERHEAD[tile];
    if (batch * tiles < LEAST_TILES || own >= cost) continue;
    best = tile;
    cost = own;
  }
  return best;
}
