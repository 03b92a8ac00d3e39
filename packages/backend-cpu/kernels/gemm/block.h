// A block of C: all tiles of some rows and columns over one block of k, from operands that are packed or read where they lie.
#pragma once
#include "gemm/pack.h"

namespace SINAPSE_ISA {

/** Cuts a length into `count` parts that differ by at most one. */
struct Cut {
  i64 length, count;
  i64 start(i64 part) const { return part * length / count; }
};

/** How a product is cut into tiles, panels and blocks of k: by its shape alone, so every element is the same sum whoever computes it. */
struct Tiling {
  Cut rows, depths;
  i64 panels;
  explicit Tiling(const Gemm &g)
      : rows{g.m, ceil_div(g.m, TILE_ROWS)}, depths{g.k, maximum<i64>(1, ceil_div(g.k, DEPTH))}, panels(ceil_div(g.n, TILE_COLUMNS)) {}
};

struct Range {
  i64 begin, end;
};

/** Columns of one panel of B. */
inline i64 panel_columns(const Gemm &g, i64 panel) { return minimum<i64>(TILE_COLUMNS, g.n - panel * TILE_COLUMNS); }
/** Elements that a packed panel of so many columns takes for each step: whole vectors. */
inline i64 panel_width(i64 columns) { return round_up(columns, WIDTH); }

/** B over one block of k, from panel `first` on. */
struct RightPanels {
  const f32 *start;
  isize panel_stride, step_stride;
  i64 first;
  /** The last panel of the matrix, when it is narrower than the others; packed. */
  const f32 *narrow;
};

/** B as it lies in memory. Its last panel, unless it ends with a whole vector, is packed to `narrow`. */
inline RightPanels direct_panels(const Gemm &g, i64 step, i64 steps, f32 *narrow) {
  const i64 rest = g.n % TILE_COLUMNS;
  if (rest % WIDTH == 0) narrow = nullptr;
  else pack_b(g, g.n - rest, rest, step, steps, narrow, panel_width(rest));
  return {g.b + step * g.ldb, TILE_COLUMNS, static_cast<isize>(g.ldb), 0, narrow};
}

/** Elements of the packed panels of a range, over so many steps. */
inline i64 packed_panels_size(Range panels, i64 steps) { return (panels.end - panels.begin) * TILE_COLUMNS * steps + PACK_SLACK; }

inline RightPanels packed_panels(const Gemm &g, Range panels, i64 steps, const f32 *packed) {
  const i64 last = g.n / TILE_COLUMNS;
  const f32 *narrow = g.n % TILE_COLUMNS == 0 ? nullptr : packed + (last - panels.begin) * TILE_COLUMNS * steps;
  return {packed, static_cast<isize>(TILE_COLUMNS * steps), TILE_COLUMNS, panels.begin, narrow};
}

/** Packs panels one after another, each of them with room for TILE_COLUMNS columns. */
inline void pack_panels(const Gemm &g, Range panels, i64 step, i64 steps, f32 *packed) {
  for (i64 p = panels.begin; p < panels.end; p++) {
    const i64 columns = panel_columns(g, p);
    pack_b(g, p * TILE_COLUMNS, columns, step, steps, packed + (p - panels.begin) * TILE_COLUMNS * steps, panel_width(columns));
  }
}

/** Packs the tiles of A of a range, one after another. */
inline void pack_tiles(const Gemm &g, const Cut &rows, Range tiles, i64 step, i64 steps, f32 *packed) {
  const i64 first = rows.start(tiles.begin);
  for (i64 t = tiles.begin; t < tiles.end; t++) {
    const i64 row = rows.start(t);
    pack_a(g, row, static_cast<int>(rows.start(t + 1) - row), step, steps, packed + (row - first) * steps);
  }
}

/**
 * C = A B (C += A B from the second block of k on) for a range of tiles and of panels and block `depth` of k, then the epilogue if that is the
 * last. `packed_a` holds the tiles as `pack_tiles` leaves them, or is null: A is read where it lies.
 */
inline void multiply_block(const Gemm &g, const Epilogue &epilogue, const Tiling &tiling, Range tiles, Range panels, i64 depth,
                           const RightPanels &b, const f32 *packed_a) {
  const i64 step = tiling.depths.start(depth), steps = tiling.depths.start(depth + 1) - step;
  const bool last = depth == tiling.depths.count - 1;
  const i64 first = tiling.rows.start(tiles.begin);
  const bool panel = packed_a != nullptr || g.transpose_a;
  TileCall call;
  call.steps = static_cast<isize>(steps);
  call.result.ldc = static_cast<isize>(g.ldc);
  call.result.accumulate = depth > 0;
  call.result.epilogue = last ? &epilogue : nullptr;
  for (i64 p = panels.begin; p < panels.end; p++) {
    const i64 columns = panel_columns(g, p), column = p * TILE_COLUMNS;
    const bool narrow = columns < TILE_COLUMNS && b.narrow != nullptr;
    call.b = narrow ? b.narrow : b.start + (p - b.first) * b.panel_stride;
    call.b_stride = narrow ? static_cast<isize>(panel_width(columns)) : b.step_stride;
    call.result.columns = static_cast<isize>(columns);
    call.result.column = static_cast<isize>(column);
    const int vectors = static_cast<int>(ceil_div(columns, WIDTH));
    for (i64 t = tiles.begin, row = first, next; t < tiles.end; t++, row = next) {
      next = tiling.rows.start(t + 1);
      const int rows = static_cast<int>(next - row);
      if (packed_a != nullptr) {
        call.a = packed_a + (row - first) * steps;
        call.a_stride = rows;
      } else {
        call.a = g.transpose_a ? g.a + step * g.lda + row : g.a + row * g.lda + step;
        call.a_stride = static_cast<isize>(g.lda);
      }
      call.result.row = static_cast<isize>(row);
      call.result.c = g.c + row * g.ldc + column;
      multiply(panel, rows, vectors, call);
    }
  }
}

} // namespace SINAPSE_ISA
