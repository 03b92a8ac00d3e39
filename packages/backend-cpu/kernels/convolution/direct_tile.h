// The innermost part of a direct convolution: a tile of y, a few neighbouring pixels by a few vectors of filters, in registers. The image is
// read where it lies, an element of each pixel in turn; the filter comes in panels.
#pragma once
#include "convolution/geometry.h"

namespace SINAPSE_ISA {

struct DirectTile {
  const f32 *x;
  /** Elements between the tile's pixels in x, and between the places of the filter down and across. */
  isize pixel, down, across;
  /** Places down and across, and steps at each; across is 1 where all channels of a row of places lie together. */
  isize places_down, places_across, steps;
  const f32 *panel;
  Ahead *ahead;
  TileResult result;
};

template <int ROWS, int VECTORS> void direct_tile(const DirectTile &tile) {
  fetch_ahead<ROWS, VECTORS>(tile.result);
  vf sum[ROWS][VECTORS];
  clear(sum);
  const f32 *panel = tile.panel;
  for (isize u = 0; u < tile.places_down; u++) {
    const f32 *x = tile.x + u * tile.down;
    for (isize v = 0; v < tile.places_across; v++) {
      add_and_fetch<false>(sum, x, tile.pixel, panel, VECTORS * WIDTH, tile.steps, *tile.ahead);
      panel += tile.steps * (VECTORS * WIDTH);
      x += tile.across;
    }
  }
  finish(sum, tile.result);
}

/** The most pixels of a tile of so many vectors: fewer vectors leave registers for more pixels. */
constexpr int direct_rows(int vectors) { return minimum(TILE_ROWS * TILE_VECTORS / vectors, maximum(TILE_ROWS, 12)); }

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
