// The innermost part of a direct convolution: a tile of y in registers, a few neighbouring pixels by a few vectors of filters. The image is read
// where it lies, one element of each pixel in turn; the filter is read in panels.
#pragma once
#include "convolution/geometry.h"

namespace SINAPSE_ISA {

/** The most pixels of a tile. Fewer vectors leave registers for more pixels; in WebAssembly each pixel's element needs one as well. */
#if defined(__wasm_relaxed_simd__)
constexpr int MOST_PIXELS = 7;
#else
constexpr int MOST_PIXELS = maximum(TILE_ROWS, 12);
#endif
constexpr int direct_rows(int vectors) { return minimum(TILE_ROWS * TILE_VECTORS / vectors, MOST_PIXELS); }

struct DirectTile {
  const f32 *x;
  /** Elements between the tile's pixels in x, and between the taps of the filter down and across. */
  isize pixel, down, across;
  /** Where each pixel lies in x, if they are in several rows; else null. */
  const isize *pixels;
  /** Taps down and across, and steps at each; across is 1 where all channels of a row of taps lie together. */
  isize taps_down, taps_across, steps;
  const f32 *panel;
  Ahead *ahead;
  TileResult result;
};

template <int ROWS> __attribute__((always_inline)) inline TileRows<ROWS> rows_of(const DirectTile &tile) {
  TileRows<ROWS> rows = TileRows<ROWS>::apart(tile.pixel);
  if (tile.pixels != nullptr) {
    SINAPSE_UNROLL for (int i = 0; i < ROWS; i++) rows.at[i] = tile.pixels[i];
  }
  return rows;
}

template <int ROWS, int VECTORS> void direct_tile(const DirectTile &tile) {
  ResultAhead<ROWS, VECTORS> result(tile.result);
  vf sum[ROWS][VECTORS];
  clear(sum);
  const TileRows<ROWS> rows = rows_of<ROWS>(tile);
  const f32 *panel = tile.panel;
  for (isize u = 0; u < tile.taps_down; u++) {
    const f32 *x = tile.x + u * tile.down;
    for (isize v = 0; v < tile.taps_across; v++) {
      add_and_fetch(sum, x, rows, panel, VECTORS * WIDTH, tile.steps, *tile.ahead, result);
      panel += tile.steps * (VECTORS * WIDTH);
      x += tile.across;
    }
  }
  finish(sum, tile.result);
}

/** Walks over the pixels of a piece of an image, row by row. */
class Walk {
  const i64 columns_, pixel_, turn_;
  i64 at_ = 0, left_;
  isize pixels_[direct_rows(1)];

public:
  /** @param pixel and row: elements from pixel to pixel and from row to row */
  Walk(i64 columns, i64 pixel, i64 row) : columns_(columns), pixel_(pixel), turn_(row - columns * pixel), left_(columns) {}

  /** Makes the next `count` pixels, in the image from x on, those of the tile. */
  void take(i64 count, const f32 *x, DirectTile &tile) {
    const i64 first = at_;
    tile.x = x + first;
    tile.pixels = count > left_ ? pixels_ : nullptr;
    for (i64 i = 0; i < count;) {
      const i64 here = minimum(left_, count - i);
      if (count > here)
        for (i64 j = 0; j < here; j++) pixels_[i + j] = static_cast<isize>(at_ - first + j * pixel_);
      i += here;
      at_ += here * pixel_;
      left_ -= here;
      if (left_ > 0) continue;
      at_ += turn_;
      left_ = columns_;
    }
  }
};

template <int VECTORS, int ROWS = direct_rows(VECTORS)> inline void direct_pixels(int rows, const DirectTile &tile) {
  if (rows == ROWS) direct_tile<ROWS, VECTORS>(tile);
  else if constexpr (ROWS > 1) direct_pixels<VECTORS, ROWS - 1>(rows, tile);
}

/** A tile of any size up to direct_rows(vectors) pixels by `vectors` <= TILE_VECTORS vectors. */
template <int VECTORS = TILE_VECTORS> inline void direct(int rows, int vectors, const DirectTile &tile) {
  if (vectors == VECTORS) direct_pixels<VECTORS>(rows, tile);
  else if constexpr (VECTORS > 1) direct<VECTORS - 1>(rows, vectors, tile);
}

} // namespace SINAPSE_ISA
