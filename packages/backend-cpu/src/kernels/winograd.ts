// Which convolutions Winograd's algorithm computes (kernels/convolution/winograd.h): decided by shapes alone.

import type { Conv2dGeometry, Padding2d, Pair } from '@sinapse/core';

/** Results along each axis of a tile: F(2x2, 3x3) or F(4x4, 3x3). 0: the convolution is computed directly. */
export type WinogradTile = 0 | 2 | 4;

/** A convolution with stride 1: the forward one, or that of the gradients which gives the gradient of the input. */
export interface Convolved {
  readonly batch: number;
  /** Height and width of the result. */
  readonly size: Pair;
  /** Channels that are summed up, and channels of the result. */
  readonly terms: number;
  readonly columns: number;
  /** Zeros around what this convolution reads; negative where it does not read the border. */
  readonly padding: Padding2d;
}

/** Fewer multiplications than this are done before transforming pays, and keep the error bounds of a direct sum. */
const LEAST_MACS = 2 ** 26;
/** Behind wider padding there are results of one place of the window or none, whose error the other results of a tile would set. */
const MOST_PADDING = 1;
/** Fewer channels do not pay for the transforms, fewer tiles not for reading the transformed filter. */
const LEAST_CHANNELS = 16;
const LEAST_TILES = 16;

/** What a tile costs more than its multiplications, measured: transforming it, and back. */
const OVERHEAD: Readonly<Record<2 | 4, number>> = { 2: 1.3, 4: 1.5 };

/** Whether the error bound of Winograd's algorithm and its cost speak for it, and with which tiles. */
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
