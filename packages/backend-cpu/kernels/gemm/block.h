// A block of C: all tiles of some rows and columns over one block of k. Operands are packed or read where they lie in memory.
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

/** How a product is cut into tiles, panels and blocks of k. Only its shape decides, so every element is the same sum on any thread. */
struct Tiling {
  Cut rows, depths;
  i64 panels;
  explicit Tiling(const Gemm &g)
      : rows{g.m, ceil_div(g.m, TILE_ROWS)}, depths{g.k, maximum<i64>(1, ceil_div(g.k, DEPTH))}, panels(ceil_div(g.n, TILE_COLUMNS)) {}
};

/** Packing this many elements of B is worth a task. */
constexpr i64 PART_SIZE = 1 << 15;

/** Columns of one panel of B. */
inline i64 panel_columns(const Gemm &g, i64 panel) { return minimum<i64>(TILE_COLUMNS, g.n - panel * TILE_COLUMNS); }

/** Some steps of B, from panel `first` on. */
struct RightPanels {
  const f32 *start;
  isize panel_stride, step_stride;
  i64 first;
  /** The last panel of the matrix, packed with only the vectors it needs; null if it is stored like the others. */
  const f32 *narrow;
  /** Panels follow one another in memory, so fetching ahead pays. */
  bool packed;
};

/**
 * Packs panels one after another, each with room for TILE_COLUMNS columns; the last of the matrix takes only the vectors it needs. This call does one
 * of `parts` parts, each of which reads B from end to end: some panels if B is transposed, else some steps.
 */
inline void pack_panels(const Gemm &g, Range panels, Range steps, f32 *packed, i64 part = 0, i64 parts = 1) {
  const i64 size = TILE_COLUMNS * steps.count();
  if (g.transpose_b) {
    const Range some = Cut{panels.count(), parts}[part];
    for (i64 p = some.begin; p < some.end; p++) {
      const i64 panel = panels.begin + p;
      pack_columns(g, panel * TILE_COLUMNS, panel_columns(g, panel), steps.begin, steps.count(), packed + p * size);
    }
  } else {
    const Range some = Cut{steps.count(), parts}[part];
    const i64 column = panels.begin * TILE_COLUMNS, columns = minimum(panels.end * TILE_COLUMNS, g.n) - column;
    for (i64 t = some.begin; t < some.end; t++) pack_row(g.b + (steps.begin + t) * g.ldb + column, columns, packed, t, size);
  }
}

/** Into how many parts the packing of a block of B is cut: each is worth a task. */
inline i64 parts_to_pack(const Gemm &g, Range panels, Range steps) {
  const i64 most = g.transpose_b ? panels.count() : steps.count();
  return maximum<i64>(1, minimum(most, panels.count() * TILE_COLUMNS * steps.count() / PART_SIZE));
}

/** The panels that `pack_panels` wrote to `packed`. */
inline RightPanels packed_panels(const Gemm &g, Range panels, Range steps, const f32 *packed) {
  const f32 *narrow = g.n % TILE_COLUMNS == 0 ? nullptr : packed + (g.n / TILE_COLUMNS - panels.begin) * TILE_COLUMNS * steps.count();
  return {packed, static_cast<isize>(TILE_COLUMNS * steps.count()), TILE_COLUMNS, panels.begin, narrow, true};
}

/** Whether the last panel of B ends within a vector: reading it where it lies would read beyond the matrix. */
inline bool ends_within_vector(const Gemm &g) { return g.n % WIDTH != 0; }

/** B where it lies. `narrow` holds its last panel, packed, if that ends within a vector. */
inline RightPanels direct_panels(const Gemm &g, Range steps, const f32 *narrow) {
  return {g.b + steps.begin * g.ldb, TILE_COLUMNS, static_cast<isize>(g.ldb), 0, ends_within_vector(g) ? narrow : nullptr, false};
}

/**
 * Packs tiles of A one after another. A transposed A is packed a few steps at a time: neighbouring tiles share its cache lines, which are then still
 * there.
 */
inline void pack_tiles(const Gemm &g, const Cut &rows, Range tiles, Range steps, f32 *packed) {
  const i64 first = rows.start(tiles.begin), most = g.transpose_a ? 16 : steps.count();
  for (i64 begin = steps.begin; begin < steps.end; begin += most) {
    const i64 count = minimum(most, steps.end - begin);
    for (i64 t = tiles.begin, row = first, next; t < tiles.end; t++, row = next) {
      next = rows.start(t + 1);
      pack_a(g, row, static_cast<int>(next - row), begin, count, packed + (row - first) * steps.count() + (begin - steps.begin) * (next - row));
    }
  }
}

/**
 * Multiplies some tiles of C = A B over some steps of k, adds to C if `accumulate`, then applies the epilogue unless it is null. `packed_a` holds the
 * tiles as `pack_tiles` writes them; if it is null, A is read where it lies.
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
