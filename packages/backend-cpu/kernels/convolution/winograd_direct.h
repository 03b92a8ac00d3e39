// What Winograd's algorithm leaves to a direct sum: tiles whose values are too unlike (winograd_range.h).
#pragma once
#include "convolution/direct.h"
#include "convolution/winograd_filter.h"

namespace SINAPSE_ISA {

/** A filter as it was before it was transformed. */
struct Original {
  const Geometry &geometry;
  const f32 *filter;
  /** Whether the pass computes the gradient of the input. */
  bool turned;

  /** Packs it for a direct pass: depth * round_up(filters, WIDTH) elements. */
  void pack(f32 *panels) const {
    const Taps taps{2, 1, 3};
    if (turned) pack_filter_transposed(filter, geometry, taps, taps, panels);
    else pack_filter(filter, geometry, panels);
  }
};

/** Neighbouring uneven tiles in a row of tiles. */
struct UnevenTiles {
  /** The most tiles that are computed together. */
  static constexpr i64 MOST = 8;
  i64 first, count;
};

/** Computes uneven tiles, `count` of them. */
template <int OUT>
__attribute__((noinline)) void convolve_uneven_tiles(Pass p, const WinogradPlan<OUT> &tiles, const u8 *uneven, i64 count, const Original &filter) {
  Scratch scratch;
  UnevenTiles *runs = scratch.take<UnevenTiles>(count);
  i64 last = -1;
  for (i64 i = 0; i < tiles.blocks.length; i++) {
    if (!uneven[i]) continue;
    const bool joins = last >= 0 && runs[last].first + runs[last].count == i && i % tiles.across != 0 && runs[last].count < UnevenTiles::MOST;
    if (joins) runs[last].count++;
    else runs[++last] = {i, 1};
  }
  f32 *panels = scratch.floats(panels_size(p.depth(), p.filters));
  filter.pack(panels);
  p.panels = panels;
  // Every piece is copied and summed in one go: y may hold the residual until its results are stored.
  DirectPlan plan(p);
  plan.joined = true;
  plan.down = {p.kernel_height, 1};
  plan.across = {p.kernel_width * p.channels, 1};
  const i64 band = round_up((OUT + 2) * (UnevenTiles::MOST * OUT + 2) * p.channels, 16);
  f32 *bands = scratch.floats(band * thread_count());
  parallel(last + 1, [&](i64 run, int thread) {
    const WinogradTile tile = winograd_tile(tiles, runs[run].first);
    Piece piece{};
    piece.image = tile.image;
    piece.row = tile.row;
    piece.rows = minimum<i64>(OUT, p.out_height - tile.row);
    piece.column = tile.column;
    piece.columns = minimum(OUT * runs[run].count, p.out_width - tile.column);
    const Under under(p, piece);
    f32 *copy = bands + band * thread;
    under.copy(p, {0, under.height}, copy);
    piece.x = copy;
    piece.x_row = under.width * p.channels;
    piece.x_pixel = p.channels;
    convolve_piece(p, plan, piece, {0, plan.panels});
  });
}

} // namespace SINAPSE_ISA
