// conv2dFilterGrad: dF(u, v, c, f) = Σ x(pixel under tap u, v; c) dy(pixel, f) over all output pixels: a matrix product that sums over pixels. The
// image is read where it lies, with channels as the rows of a tile; dy is packed. Slices of the pixels are summed separately and then added in order,
// so that the result is the same for any number of threads.
#pragma once
#include "convolution/depthwise_gradient.h"
#include "convolution/direct.h"
#include "convolution/forward.h"

namespace SINAPSE_ISA {

struct GradientTile {
  const f32 *x, *dy;
  /** Elements between neighbouring output pixels, and between output rows. */
  isize x_pixel, x_row, dy_row;
  isize rows, columns;
  TileResult result;
};

template <int ROWS, int VECTORS> void gradient_tile(const GradientTile &tile) {
  vf sum[ROWS][VECTORS];
  clear(sum);
  for (isize i = 0; i < tile.rows; i++)
    add_products(sum, tile.x + i * tile.x_row, TileRows<ROWS>::panel(tile.x_pixel), tile.dy + i * tile.dy_row, VECTORS * WIDTH, tile.columns);
  finish(sum, tile.result);
}

template <int VECTORS, int ROWS = direct_rows(VECTORS)> inline void gradient_rows(int rows, const GradientTile &tile) {
  if (rows == ROWS) gradient_tile<ROWS, VECTORS>(tile);
  else if constexpr (ROWS > 1) gradient_rows<VECTORS, ROWS - 1>(rows, tile);
}

template <int VECTORS = TILE_VECTORS> inline void gradient(int rows, int vectors, const GradientTile &tile) {
  if (vectors == VECTORS) gradient_rows<VECTORS>(rows, tile);
  else if constexpr (VECTORS > 1) gradient<VECTORS - 1>(rows, vectors, tile);
}

/** How the work is cut: into slices of the pixels, and parts of the filter's rows of taps. */
struct GradientPlan {
  /** The most elements of separate sums. */
  static constexpr i64 SUMS = 1 << 23;
  static constexpr i64 SLICES = 32;

  DirectPlan direct;
  /** Elements of one group's sums, and of one of their rows. */
  i64 size, width;
  Cut slices, parts;

  explicit GradientPlan(const Pass &p) : direct(p) {
    width = round_up(p.filters, WIDTH);
    size = p.depth() * width;
    const i64 pieces = direct.pieces / p.groups, each = maximum<i64>(1, p.groups * size);
    const i64 macs = p.batch * p.out_height * p.out_width * p.depth() * p.filters;
    const i64 worthwhile = maximum<i64>(1, macs / DirectPlan::TASK);
    slices = {pieces, maximum<i64>(1, minimum(minimum(pieces, SLICES), minimum(SUMS / each, worthwhile)))};
    parts = {p.kernel_height, slices.count * p.groups >= 16 ? 1 : p.kernel_height};
  }
};

/** Adds the products of one piece to sums[tap and channel][filter], for some rows of taps. */
inline void add_piece(const Pass &p, const GradientPlan &plan, const Piece &piece, Range down, const f32 *dy, bool accumulate, f32 *sums) {
  const i64 pixels = piece.rows * piece.columns, line = plan.direct.joined ? p.kernel_width * p.channels : p.channels;
  GradientTile tile;
  tile.x_pixel = static_cast<isize>(p.stride_x * piece.x_pixel);
  tile.x_row = static_cast<isize>(p.stride_y * piece.x_row);
  tile.rows = static_cast<isize>(piece.rows);
  tile.columns = static_cast<isize>(piece.columns);
  tile.result.ldc = static_cast<isize>(plan.width);
  tile.result.accumulate = accumulate;
  tile.result.epilogue = nullptr;
  for (i64 column = 0; column < p.filters; column += TILE_COLUMNS) {
    const int vectors = static_cast<int>(ceil_div(minimum<i64>(TILE_COLUMNS, p.filters - column), WIDTH));
    const Cut cut{line, ceil_div(line, direct_rows(vectors))};
    tile.dy = dy + column * pixels;
    tile.dy_row = static_cast<isize>(piece.columns * vectors * WIDTH);
    tile.result.columns = vectors * WIDTH;
    for (i64 u = down.begin; u < down.end; u++)
      for (i64 v = 0; v < (plan.direct.joined ? 1 : p.kernel_width); v++) {
        const f32 *x = piece.x + u * p.dilation_y * piece.x_row + v * p.dilation_x * piece.x_pixel;
        for (i64 t = 0; t < cut.count; t++) {
          const i64 c = cut.start(t);
          tile.x = x + c;
          tile.result.c = sums + ((u * p.kernel_width + v) * p.channels + c) * plan.width + column;
          gradient(static_cast<int>(cut.start(t + 1) - c), vectors, tile);
        }
      }
  }
}

/** Packs dy of a piece: panel after panel, pixel after pixel. */
inline void pack_gradient(const Pass &p, const Piece &piece, const f32 *dy, f32 *panels) {
  const i64 pixel = p.groups * p.filters, pixels = piece.rows * piece.columns;
  dy += ((piece.image * p.out_height + piece.row) * p.out_width + piece.column) * pixel + piece.group * p.filters;
  for (i64 column = 0; column < p.filters; column += TILE_COLUMNS) {
    const i64 width = minimum<i64>(TILE_COLUMNS, p.filters - column);
    pack_along(dy + column, static_cast<isize>(pixel), static_cast<isize>(width), static_cast<isize>(pixels), panels + column * pixels,
               static_cast<isize>(round_up(width, WIDTH)));
  }
}

inline void filter_gradient_directly(const Pass &whole, const f32 *dy, f32 *dfilter) {
  if (whole.depth() * whole.filters == 0) return;
  const i64 filters = whole.groups * whole.filters;
  if (whole.batch * whole.out_height * whole.out_width == 0) {
    __builtin_memset(dfilter, 0, whole.depth() * filters * 4);
    return;
  }
  const Pass p = flattened(whole);
  const GradientPlan plan(p);
  Scratch scratch;
  const i64 band_size = round_up(plan.direct.band_size, 16);
  const i64 most_pixels = ceil_div(p.out_height, plan.direct.rows.count) * ceil_div(p.out_width, plan.direct.columns.count);
  const i64 dy_size = round_up(most_pixels * plan.width, 16);
  f32 *bands = scratch.floats(plan.direct.copied ? band_size * thread_count() : 0);
  f32 *panels = scratch.floats(dy_size * thread_count());
  f32 *sums = scratch.floats(plan.slices.count * p.groups * plan.size);
  parallel(p.groups * plan.slices.count * plan.parts.count, [&](i64 task, int thread) {
    const i64 part = task % plan.parts.count, slice = task / plan.parts.count % plan.slices.count;
    const i64 group = task / plan.parts.count / plan.slices.count;
    const Range down{plan.parts.start(part), plan.parts.start(part + 1)};
    f32 *own = sums + (slice * p.groups + group) * plan.size, *packed = panels + thread * dy_size;
    for (i64 i = plan.slices.start(slice); i < plan.slices.start(slice + 1); i++) {
      const Piece piece = piece_of(p, plan.direct, group * plan.slices.length + i, bands + thread * band_size);
      pack_gradient(p, piece, dy, packed);
      add_piece(p, plan, piece, down, packed, i > plan.slices.start(slice), own);
    }
  });
  parallel_ranges(p.depth(), ceil_div(1 << 16, filters * plan.slices.count), [&](i64 begin, i64 end, int) {
    for (i64 group = 0; group < p.groups; group++)
      for (i64 row = begin; row < end; row++) {
        f32 *to = dfilter + row * filters + group * p.filters;
        const f32 *first = sums + group * plan.size + row * plan.width;
        for (i64 f = 0; f < p.filters; f += WIDTH) {
          vf total = load(first + f);
          for (i64 slice = 1; slice < plan.slices.count; slice++) total += load(first + slice * p.groups * plan.size + f);
          if (f + WIDTH <= p.filters) store(to + f, total);
          else store_part(to + f, total, p.filters - f);
        }
      }
  });
}

// geometry, x, dy, dfilter
inline void conv2d_filter_gradient(const f64 *from) {
  Arguments arguments(from);
  const Geometry g(arguments);
  Pass pass = forward_pass(g);
  pass.x = arguments.pointer<const f32>();
  const f32 *dy = arguments.pointer<const f32>();
  f32 *dfilter = arguments.pointer<f32>();
  if (pass.depthwise()) depthwise_filter_gradient(pass, dy, dfilter);
  else filter_gradient_directly(pass, dy, dfilter);
}

} // namespace SINAPSE_ISA
