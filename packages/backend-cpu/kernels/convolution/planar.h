// Convolution in planes, for few filters: vectors hold neighbouring pixels, because so few filters would leave them half empty. With stride 1 a plane
// of y is a sum of planes of x, shifted by the filter's taps and multiplied by its values. All rows of a plane are computed at once, as one long row.
// The values between rows belong to no pixel; they are dropped when the planes are joined to pixels.
#pragma once
#include "convolution/depthwise.h"
#include "convolution/planes.h"

namespace SINAPSE_ISA {

/** The most filters of a tile, and its vectors of pixels: more where few filters leave registers for them. */
constexpr int PLANAR_FILTERS = minimum(TILE_ROWS, 8);
constexpr int planar_vectors(int filters) { return 2 * filters <= PLANAR_FILTERS ? MOST_PLANAR_VECTORS : MOST_PLANAR_VECTORS / 2; }

/** A tile: neighbouring pixels in some planes of y. */
struct PlanarTile {
  /** The pixels of x under the tile, and the offset from them at which each step of the sum reads. */
  const f32 *x;
  const isize *offsets;
  isize steps;
  /** The filters' values, `filter_row` elements from step to step. */
  const f32 *filter;
  isize filter_row;
  TileResult result;
};

template <int FILTERS> void planar_tile(const PlanarTile &tile) {
  constexpr int VECTORS = planar_vectors(FILTERS);
  vf sum[FILTERS][VECTORS];
  clear(sum);
  const f32 *filter = tile.filter;
  SINAPSE_ROLLED for (isize t = 0; t < tile.steps; t++, filter += tile.filter_row)
    add_products(sum, filter, TileRows<FILTERS>::panel(0), tile.x + tile.offsets[t], 0, 1);
  finish(sum, tile.result);
}

template <int FILTERS = PLANAR_FILTERS> inline void planar(int filters, const PlanarTile &tile) {
  if (filters == FILTERS) planar_tile<FILTERS>(tile);
  else if constexpr (FILTERS > 1) planar<FILTERS - 1>(filters, tile);
}

/** The rows and columns of x that a piece reads. */
inline Part part_under(const Pass &p, const Piece &piece) {
  return {p.x + piece.image * p.height * p.width * p.pixel,
          p.height,
          p.width,
          p.channels,
          p.origin_y + piece.row,
          piece.rows + (p.kernel_height - 1) * p.dilation_y,
          p.origin_x + piece.column,
          piece.columns + (p.kernel_width - 1) * p.dilation_x};
}

/** Offsets at which the steps of a sum read, tap after tap and channel after channel. */
inline void find_offsets(const Pass &p, const Planes &planes, isize *offsets) {
  for (i64 u = 0; u < p.kernel_height; u++)
    for (i64 v = 0; v < p.kernel_width; v++)
      for (i64 c = 0; c < p.channels; c++)
        *offsets++ = static_cast<isize>(u * p.dilation_y) * planes.line + static_cast<isize>(v * p.dilation_x) + static_cast<isize>(c) * planes.size;
}

/** The rows of taps that read more than padding for some output row whose first image row is `first` to `last`. */
inline Range rows_inside(const Pass &p, i64 first, i64 last) {
  Range down{0, p.kernel_height};
  while (down.begin < down.end && last + down.begin * p.dilation_y < 0) down.begin++;
  while (down.end > down.begin && first + (down.end - 1) * p.dilation_y >= p.height) down.end--;
  return down;
}

/** Computes planes of y from planes of x. */
inline void convolve_planes(const Pass &p, const Piece &piece, Outside outside, const Planes &from, const f32 *x, const isize *offsets, const Planes &to, f32 *y) {
  PlanarTile tile;
  tile.filter_row = static_cast<isize>(round_up(p.filters, WIDTH));
  tile.result = {nullptr, to.size, 0, false, nullptr, 0, 0};
  const isize end = static_cast<isize>((piece.rows - 1) * from.line + piece.columns), line = static_cast<isize>(p.kernel_width * p.channels);
  const Cut cut{p.filters, ceil_div(p.filters, PLANAR_FILTERS)};
  for (i64 part = 0; part < cut.count; part++) {
    const isize first = static_cast<isize>(cut.start(part));
    const int filters = static_cast<int>(cut.start(part + 1) - first);
    tile.result.columns = planar_vectors(filters) * WIDTH;
    for (isize at = 0; at < end; at += tile.result.columns) {
      Range down{0, p.kernel_height};
      const i64 row = p.origin_y + piece.row;
      if (outside == Outside::NOTHING) down = rows_inside(p, row + at / from.line, row + (at + tile.result.columns - 1) / from.line);
      const isize step = static_cast<isize>(down.begin) * line;
      tile.steps = static_cast<isize>(down.count()) * line;
      tile.x = x + at;
      tile.offsets = offsets + step;
      tile.filter = p.panels + step * tile.filter_row + first;
      tile.result.c = y + first * to.size + at;
      planar(filters, tile);
    }
  }
}

/** y = activation(sum + bias + residual) for one row of pixels with all their channels; `bias` repeats for each pixel. */
template <class Act>
inline void finish_row(const Act &act, const f32 *sums, const f32 *bias, const f32 *residual, isize length, f32 *y) {
  for (isize i = 0; i < length; i += WIDTH) {
    const isize count = minimum<isize>(WIDTH, length - i);
    vf x = load(sums + i);
    if (bias != nullptr) x += load(bias + i);
    if (residual != nullptr) x += load_some(residual + i, count);
    store_some(y + i, act(x), count);
  }
}

/** Whether a pass can be computed in planes and is faster so. */
inline bool is_planar(const Pass &p) {
  return p.groups == 1 && p.stride_y == 1 && p.stride_x == 1 && p.pixel == p.channels && p.dense() &&
         worth_planes(p.out_width, (p.kernel_width - 1) * p.dilation_x, p.kernel_height * p.kernel_width, p.channels, p.filters);
}

inline void convolve_planar(const Pass &p, Outside outside) {
  if (p.batch * p.out_height * p.out_width * p.filters == 0) return;
  const DirectPlan plan(p);
  const i64 rows = ceil_div(p.out_height, plan.rows.count), columns = ceil_div(p.out_width, plan.columns.count);
  const i64 reach_y = (p.kernel_height - 1) * p.dilation_y, reach_x = (p.kernel_width - 1) * p.dilation_x;
  const i64 x_size = Planes(rows + reach_y, columns + reach_x).size * p.channels, y_size = Planes(rows, columns + reach_x).size * p.filters;
  // A row of pixels, with room for what put_together may write beyond it.
  const i64 row_size = round_up((columns + 4) * p.filters + WIDTH, 16), size = x_size + y_size + row_size;
  Scratch scratch;
  f32 *all = scratch.floats(size * thread_count());
  isize *all_offsets = scratch.take<isize>(p.depth() * thread_count());
  f32 *bias = p.epilogue.bias == nullptr ? nullptr : scratch.floats(row_size);
  for (i64 j = 0; bias != nullptr && j <= columns * p.filters + WIDTH; j++) bias[j] = p.epilogue.bias[j % p.filters];
  parallel_ranges(plan.pieces, plan.grain, [&](i64 begin, i64 end, int thread) {
    isize *offsets = all_offsets + thread * p.depth();
    f32 *x = all + thread * size, *y = x + x_size, *row = y + y_size;
    for (i64 i = begin; i < end; i++) {
      const Piece piece = locate_piece(p, plan, i);
      const Part part = part_under(p, piece);
      const Planes from(part.rows, part.columns), to(piece.rows, part.columns);
      make_planes(part, from, x);
      find_offsets(p, from, offsets);
      convolve_planes(p, piece, outside, from, x, offsets, to, y);
      for (i64 r = 0; r < piece.rows; r++) {
        put_together(y + r * to.line, to.size, static_cast<isize>(p.filters), static_cast<isize>(piece.columns), row);
        const i64 at = piece.image * p.out_image + (piece.row + r) * p.out_row + piece.column * p.filters;
        const f32 *residual = p.epilogue.residual == nullptr ? nullptr : p.epilogue.residual + at;
        const isize length = static_cast<isize>(piece.columns * p.filters);
        const vf alpha = splat(p.epilogue.alpha);
        if (p.epilogue.activation == RELU) finish_row([&](vf v) { return activate<RELU>(v, alpha); }, row, bias, residual, length, p.y + at);
        else finish_row([&](vf v) { return activate(p.epilogue.activation, v, alpha); }, row, bias, residual, length, p.y + at);
      }
    }
  });
}

} // namespace SINAPSE_ISA
