// A block of C: all tiles of some rows and columns over one block of k, from operands that are packed or read where they lie.
#pragma once
#include "gemm/pack.h"

namespace SINAPSE_ISA {

struct Range {
  i64 begin, end;
  i64 count() const { return end - begin; }
};

/** Cuts a length into `count` parts that differ by at most one. */
struct Cut {
  i64 length, count;
  i64 start(i64 part) const { return part * length / count; }
  Range operator[](i64 part) const { return {start(part), start(part + 1)}; }
};

/** How a product is cut into tiles, panels and blocks of k: by its shape alone, so every element is the same sum whoever computes it. */
struct Tiling {
  Cut rows, depths;
  i64 panels;
  explicit Tiling(const Gemm &g)
      : rows{g.m, ceil_div(g.m, TILE_ROWS)}, depths{g.k, maximum<i64>(1, ceil_div(g.k, DEPTH))}, panels(ceil_div(g.n, TILE_COLUMNS)) {}
};

/** Steps that are packed at once for one panel after another, where the rows of an operand are steps. */
constexpr i64 STEPS_TOGETHER = 16;

/** Columns of one panel of B. */
inline i64 panel_columns(const Gemm &g, i64 panel) { return minimum<i64>(TILE_COLUMNS, g.n - panel * TILE_COLUMNS); }

/** Some steps of B, from panel `first` on. */
struct RightPanels {
  const f32 *start;
  isize panel_stride, step_stride;
  i64 first;
  /** The last panel of the matrix where it is packed in vectors of its own number; null otherwise. */
  const f32 *narrow;
  /** Panels follow one another in memory: worth fetching ahead. */
  bool packed;
};

/**
 * Calls `pack(begin, count)` for all steps, a few at a time where their rows lie in memory one after another: what a line of the cache holds
 * for neighbouring panels is then read while it is there.
 */
template <class Pack> inline void each_steps(Range steps, bool rows, const Pack &pack) {
  const i64 most = rows ? STEPS_TOGETHER : steps.count();
  for (i64 begin = steps.begin; begin < steps.end; begin += most) pack(begin, minimum(most, steps.end - begin));
}

/** Packs panels one after another, each with room for TILE_COLUMNS columns; the last of the matrix takes only the vectors it needs. */
inline void pack_panels(const Gemm &g, Range panels, Range steps, f32 *packed) {
  each_steps(steps, !g.transpose_b, [&](i64 begin, i64 count) {
    for (i64 p = panels.begin; p < panels.end; p++) {
      const i64 columns = panel_columns(g, p), width = round_up(columns, WIDTH);
      f32 *panel = packed + (p - panels.begin) * TILE_COLUMNS * steps.count();
      pack_b(g, p * TILE_COLUMNS, columns, begin, count, panel + (begin - steps.begin) * width, width);
    }
  });
}

/** What `pack_panels` left at `packed`. */
inline RightPanels packed_panels(const Gemm &g, Range panels, Range steps, const f32 *packed) {
  const f32 *narrow = g.n % TILE_COLUMNS == 0 ? nullptr : packed + (g.n / TILE_COLUMNS - panels.begin) * TILE_COLUMNS * steps.count();
  return {packed, static_cast<isize>(TILE_COLUMNS * steps.count()), TILE_COLUMNS, panels.begin, narrow, true};
}

/** Does the last panel of B end in the middle of a vector? Reading it where it lies would read beyond the matrix. */
inline bool ends_within_vector(const Gemm &g) { return g.n % WIDTH != 0; }

/** B where it lies. `narrow` holds its last panel, packed, if that ends within a vector. */
inline RightPanels direct_panels(const Gemm &g, Range steps, const f32 *narrow) {
  return {g.b + steps.begin * g.ldb, TILE_COLUMNS, static_cast<isize>(g.ldb), 0, ends_within_vector(g) ? narrow : nullptr, false};
}

/** Packs tiles of A one after another. */
inline void pack_tiles(const Gemm &g, const Cut &rows, Range tiles, Range steps, f32 *packed) {
  const i64 first = rows.start(tiles.begin);
  each_steps(steps, g.transpose_a, [&](i64 begin, i64 count) {
    for (i64 t = tiles.begin, row = first, next; t < tiles.end; t++, row = next) {
      next = rows.start(t + 1);
      pack_a(g, row, static_cast<int>(next - row), begin, count, packed + (row - first) * steps.count() + (begin - steps.begin) * (next - row));
    }
  });
}

/**
 * Some tiles of C = A B over some steps of k, added to what is there if `accumulate`, then the epilogue unless that is null. `packed_a` holds
 * the tiles as `pack_tiles` leaves them, or is null: A is read where it lies.
 */
inline void multiply_block(const Gemm &g, const Cut &rows, Range tiles, Range panels, Range steps, const f32 *packed_a,
                           const RightPanels &b, bool accumulate, const Epilogue *epilogue) {
  const i64 first = rows.start(tiles.begin);
  TileCall call;
  call.steps = static_cast<isize>(steps.count());
  call.result.ldc = static_cast<isize>(g.ldc);
  call.result.accumulate = accumulate;
  call.result.epilogue = epilogue;
  for (i64 p = panels.begin; p < panels.end; p++) {
    const i64 columns = panel_columns(g, p), column = p * TILE_COLUMNS;
    const bool narrow = columns < TILE_COLUMNS && b.narrow != nullptr;
    call.b = narrow ? b.narrow : b.start + (p - b.first) * b.panel_stride;
    call.b_stride = narrow ? static_cast<isize>(round_up(columns, WIDTH)) : b.step_stride;
    call.result.columns = static_cast<isize>(columns);
    call.result.column = static_cast<isize>(column);
    const int vectors = static_cast<int>(ceil_div(columns, WIDTH));
    Ahead ahead(b.packed && p + 1 < panels.end ? call.b + b.panel_stride : nullptr, steps.count() * TILE_COLUMNS,
                tiles.count() * Ahead::turns(call.steps));
    call.ahead = &ahead;
    for (i64 t = tiles.begin, row = first, next; t < tiles.end; t++, row = next) {
      next = rows.start(t + 1);
      if (packed_a != nullptr) {
        call.a = packed_a + (row - first) * steps.count();
        call.a_stride = static_cast<isize>(next - row);
      } else {
        call.a = g.transpose_a ? g.a + steps.begin * g.lda + row : g.a + row * g.lda + steps.begin;
        call.a_stride = static_cast<isize>(g.lda);
      }
      call.result.row = static_cast<isize>(row);
      call.result.c = g.c + row * g.ldc + column;
      multiply(packed_a != nullptr || g.transpose_a, static_cast<int>(next - row), vectors, call);
    }
  }
}

} // namespace SINAPSE_ISA
