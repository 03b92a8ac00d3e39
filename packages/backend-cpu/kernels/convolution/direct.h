// Direct convolution, channels last: a matrix product whose rows are the patches under the output pixels (im2col; Chellapilla, Puri, Simard 2006).
// The patches are never copied out: in an image with its padding around it, the rows of a patch already lie together, and patches of neighbouring
// pixels lie a constant distance apart.
#pragma once
#include "base/host.h"
#include "convolution/band.h"
#include "convolution/direct_tile.h"
#include "convolution/panels.h"

namespace SINAPSE_ISA {

/** How a pass is cut into pieces of images, and the pieces into tiles; its shape alone decides. */
struct DirectPlan {
  /** Multiplications of a small task (10 to 20 µs) and of a long one. Each task waits for its first panel, which is not fetched ahead. */
  static constexpr i64 TASK = 1 << 20, LONG_TASK = 4 * TASK;
  /** Tasks that keep the threads evenly busy; a larger pass gets that many long tasks. */
  static constexpr i64 TASKS = 16;
  /** Elements of the image that a piece reads: they fit in a level 2 cache with a panel of the filter. */
  static constexpr i64 PIECE = 1 << 15;
  /** The fewest pixels of a piece: each piece reads every panel again. */
  static constexpr i64 PIXELS = 64;
  /** Terms that are summed at once: the part of a panel that a tile goes through. */
  static constexpr i64 TERMS = 1280;
  /** The most elements of a filter that stays in a level 2 cache beside everything else: then every tile goes through all panels. */
  static constexpr i64 SMALL_FILTER = 1 << 14;

  /** Elements that a task copies. */
  static constexpr i64 COPY = 1 << 15;

  /** Whether pieces are copied: because they reach beyond the image, or the channels of a row of taps do not lie together. */
  bool copied;
  /** Whether the channels of a row of taps lie together. */
  bool joined;
  Cut rows, columns;
  i64 pieces, band_size;
  i64 panels, panel_groups;
  /** Pieces of a task. */
  i64 grain;
  /** How the sum is cut: into groups of rows of taps, or parts of one row. */
  Cut down, across;
  /** The number of partial sums; between them y holds the sum so far. */
  i64 parts() const { return down.count * across.count; }

  explicit DirectPlan(const Pass &p) {
    const i64 reach_y = (p.kernel_height - 1) * p.dilation_y, reach_x = (p.kernel_width - 1) * p.dilation_x;
    const bool inside = p.origin_y >= 0 && p.origin_y + (p.out_height - 1) * p.stride_y + reach_y < p.height && p.origin_x >= 0 &&
                        p.origin_x + (p.out_width - 1) * p.stride_x + reach_x < p.width;
    copied = !inside || (p.groups > 1 && p.kernel_width > 1);
    joined = p.kernel_width == 1 || (p.dilation_x == 1 && (copied || p.groups == 1));

    const i64 row = ((p.out_width - 1) * p.stride_x + reach_x + 1) * maximum<i64>(1, p.channels);
    const i64 wanted = maximum(PIECE / maximum<i64>(1, row * p.stride_y), ceil_div(PIXELS, p.out_width));
    rows = {p.out_height, ceil_div(p.out_height, wanted)};
    const i64 pixels = maximum(PIECE / maximum<i64>(1, p.stride_x * p.channels), PIXELS);
    columns = {p.out_width, rows.count < p.out_height ? 1 : ceil_div(p.out_width, pixels)};
    pieces = p.groups * p.batch * rows.count * columns.count;
    const i64 most_rows = ceil_div(p.out_height, rows.count), most_columns = ceil_div(p.out_width, columns.count);
    band_size = ((most_rows - 1) * p.stride_y + reach_y + 1) * ((most_columns - 1) * p.stride_x + reach_x + 1) * p.channels;

    panels = ceil_div(p.filters, TILE_COLUMNS);
    const i64 macs = maximum<i64>(1, most_rows * most_columns * p.depth() * p.filters);
    const i64 task = minimum(LONG_TASK, maximum(TASK, pieces * macs / TASKS));
    panel_groups = pieces >= 32 ? 1 : minimum(panels, ceil_div(macs, task));
    grain = panel_groups > 1 ? 1 : ceil_div(TASK, macs);

    const i64 across_terms = maximum<i64>(1, p.kernel_width * p.channels);
    down = {p.kernel_height, ceil_div(p.kernel_height, maximum<i64>(1, TERMS / across_terms))};
    across = {across_terms, down.count == p.kernel_height && joined ? ceil_div(across_terms, TERMS) : 1};
  }
};

/** A piece of one image: its output rows and columns, and where it reads. */
struct Piece {
  i64 group, image, row, rows, column, columns;
  const f32 *x;
  /** Elements between rows and between pixels of x. */
  i64 x_row, x_pixel;
};

/** Finds a piece's position, but not what it reads. */
inline Piece locate_piece(const Pass &p, const DirectPlan &plan, i64 index) {
  Piece piece{};
  const i64 column = index % plan.columns.count, row = index / plan.columns.count % plan.rows.count;
  index /= plan.columns.count * plan.rows.count;
  piece.image = index % p.batch;
  piece.group = index / p.batch;
  piece.row = plan.rows.start(row);
  piece.rows = plan.rows.start(row + 1) - piece.row;
  piece.column = plan.columns.start(column);
  piece.columns = plan.columns.start(column + 1) - piece.column;
  return piece;
}

/** The image under a piece. */
struct Under {
  const f32 *image;
  i64 y, height, x, width;
  Under(const Pass &p, const Piece &piece)
      : image(p.x + piece.image * p.height * p.width * p.pixel + piece.group * p.channels), y(p.origin_y + piece.row * p.stride_y),
        height((piece.rows - 1) * p.stride_y + (p.kernel_height - 1) * p.dilation_y + 1), x(p.origin_x + piece.column * p.stride_x),
        width((piece.columns - 1) * p.stride_x + (p.kernel_width - 1) * p.dilation_x + 1) {}
  /** Copies some of its rows into `band`, a copy of the whole. */
  void copy(const Pass &p, Range rows, f32 *band) const {
    copy_band(p, image, y + rows.begin, rows.count(), x, width, band + rows.begin * width * p.channels);
  }
};

/** A piece that reads `band`, a copy of the image under it, if the plan wants one. */
inline Piece piece_on(const Pass &p, const DirectPlan &plan, i64 index, const f32 *band) {
  Piece piece = locate_piece(p, plan, index);
  const Under under(p, piece);
  piece.x = plan.copied ? band : under.image + (under.y * p.width + under.x) * p.pixel;
  piece.x_row = plan.copied ? under.width * p.channels : p.width * p.pixel;
  piece.x_pixel = plan.copied ? p.channels : p.pixel;
  return piece;
}

/** A piece that reads its own copy of the image under it. */
inline Piece piece_of(const Pass &p, const DirectPlan &plan, i64 index, f32 *band) {
  const Piece piece = piece_on(p, plan, index, band);
  const Under under(p, piece);
  if (plan.copied) under.copy(p, {0, under.height}, band);
  return piece;
}

/** All tiles of a piece and a range of panels. */
inline void convolve_piece(const Pass &p, const DirectPlan &plan, const Piece &piece, Range panels) {
  DirectTile tile;
  tile.pixel = static_cast<isize>(p.stride_x * piece.x_pixel);
  tile.down = static_cast<isize>(p.dilation_y * piece.x_row);
  tile.across = static_cast<isize>(p.dilation_x * piece.x_pixel);
  tile.taps_across = plan.joined ? 1 : static_cast<isize>(p.kernel_width);
  tile.result.ldc = static_cast<isize>(p.out_pixel);
  const f32 *packed = p.panels + piece.group * panels_size(p.depth(), p.filters);
  const i64 line = p.kernel_width * p.channels;
  // Whether the pixels of all rows follow one another in y as they do in a tile, or only those of one row.
  const bool through = piece.columns == p.out_width && p.out_row == p.out_width * p.out_pixel;
  const i64 runs = through ? 1 : piece.rows, run = piece.rows * piece.columns / runs;
  for (i64 part = 0; part < plan.parts(); part++) {
    const i64 u = plan.down.start(part / plan.across.count), c = plan.across.start(part % plan.across.count);
    tile.taps_down = static_cast<isize>(plan.down.start(part / plan.across.count + 1) - u);
    tile.steps = static_cast<isize>(!plan.joined ? p.channels : minimum(line, plan.across.start(part % plan.across.count + 1)) - c);
    tile.result.accumulate = part > 0;
    tile.result.epilogue = part == plan.parts() - 1 ? &p.epilogue : nullptr;
    // If all panels stay in the cache, each tile of pixels goes through all of them and y is written in order; else each panel goes through all
    // pixels.
    const i64 whole = p.filters / TILE_COLUMNS, together = p.depth() * p.filters <= DirectPlan::SMALL_FILTER ? maximum<i64>(1, whole) : 1;
    for (i64 panel = panels.begin, end; panel < panels.end; panel = end) {
      end = minimum(panel + together, panel < whole ? minimum(whole, panels.end) : panels.end);
      const i64 column = panel * TILE_COLUMNS, width = minimum<i64>(TILE_COLUMNS, p.filters - column);
      const int vectors = static_cast<int>(ceil_div(width, WIDTH));
      const f32 *first = packed + column * p.depth() + (u * line + c) * vectors * WIDTH;
      tile.result.columns = static_cast<isize>(width);
      const Cut cut{run, ceil_div(run, direct_rows(vectors))};
      // The next panel, if it takes the same steps.
      const bool more = together == 1 && end < panels.end && end < whole;
      const i64 taps = tile.taps_down * tile.taps_across;
      Ahead ahead(more ? first + TILE_COLUMNS * p.depth() : nullptr, taps * tile.steps * TILE_COLUMNS,
                  runs * cut.count * taps * Ahead::turns(tile.steps));
      tile.ahead = &ahead;
      Walk walk(piece.columns, tile.pixel, p.stride_y * piece.x_row);
      for (i64 i = 0; i < runs; i++) {
        f32 *y = p.y + piece.image * p.out_image + (piece.row + i) * p.out_row + piece.group * p.filters;
        const i64 row = (piece.image * p.out_height + piece.row + i) * p.out_width;
        for (i64 t = 0, from = 0, next; t < cut.count; t++, from = next) {
          next = cut.start(t + 1);
          walk.take(next - from, piece.x + u * tile.down + c, tile);
          tile.result.row = static_cast<isize>(row + piece.column + from);
          for (i64 j = 0; j < end - panel; j++) {
            tile.panel = first + j * TILE_COLUMNS * p.depth();
            tile.result.c = y + (piece.column + from) * p.out_pixel + column + j * TILE_COLUMNS;
            tile.result.column = static_cast<isize>(piece.group * p.filters + column + j * TILE_COLUMNS);
            direct(static_cast<int>(next - from), vectors, tile);
          }
        }
      }
    }
  }
}

/** A pass with a 1x1 filter treats the image as one long row. */
inline Pass flattened(Pass p) {
  if (p.kernel_height * p.kernel_width != 1 || p.stride_y * p.stride_x != 1 || p.origin_y != 0 || p.origin_x != 0 ||
      p.out_height != p.height || p.out_width != p.width || !p.dense())
    return p;
  p.width = p.out_width = p.batch * p.height * p.width;
  p.batch = p.height = p.out_height = 1;
  p.out_image = p.out_row = p.out_width * p.out_pixel;
  return p;
}

inline void convolve_directly(const Pass &whole) {
  if (whole.batch * whole.out_height * whole.out_width * whole.filters == 0) return;
  Pass pass = flattened(whole);
  const DirectPlan plan(pass);
  Scratch scratch;
  if (pass.epilogue.residual == pass.y && plan.parts() > 1) { // y holds sums before the residual is read
    const i64 size = pass.batch * pass.out_image;
    f32 *residual = scratch.floats(size);
    parallel_ranges(size, DirectPlan::COPY, [&](i64 begin, i64 end, int) { __builtin_memcpy(residual + begin, pass.y + begin, (end - begin) * 4); });
    pass.epilogue.residual = residual;
  }
  const i64 size = round_up(plan.band_size, 16);
  // A piece that several tasks need is copied for all of them beforehand.
  const bool shared = plan.copied && plan.panel_groups > 1;
  f32 *bands = scratch.floats(!plan.copied ? 0 : size * (shared ? plan.pieces : thread_count()));
  if (shared) {
    const i64 parts = ceil_div(plan.band_size, DirectPlan::COPY);
    parallel(plan.pieces * parts, [&](i64 task, int) {
      const i64 index = task / parts;
      const Under under(pass, locate_piece(pass, plan, index));
      under.copy(pass, Cut{under.height, parts}[task % parts], bands + index * size);
    });
  }
  const Cut groups{plan.panels, plan.panel_groups};
  parallel(ceil_div(plan.pieces, plan.grain) * plan.panel_groups, [&](i64 task, int thread) {
    const i64 first = task / plan.panel_groups * plan.grain, group = task % plan.panel_groups;
    for (i64 i = first; i < minimum(first + plan.grain, plan.pieces); i++) {
      const Piece piece = shared ? piece_on(pass, plan, i, bands + i * size) : piece_of(pass, plan, i, bands + thread * size);
      convolve_piece(pass, plan, piece, {groups.start(group), groups.start(group + 1)});
    }
  });
}

} // namespace SINAPSE_ISA
