// Packing copies a few rows of A or columns of B into a panel, where the elements of one step of k lie together, step after step. A tile then reads
// memory in order, whatever the operand's layout was.
#pragma once
#include "gemm/tile.h"
#include "gemm/transpose.h"

namespace SINAPSE_ISA {

/** Elements that packing may write beyond a panel. */
constexpr i64 PACK_SLACK = WIDTH;

/**
 * Packs `lines` <= WIDTH lines of memory that run along k, `stride` apart: panel[t * width + i] = from[i * stride + t]. Each step writes up to WIDTH
 * - 1 undefined elements after its lines.
 */
inline void pack_across(const f32 *from, isize stride, int lines, isize steps, f32 *panel, isize width) {
  const f32 *line[WIDTH];
  for (int i = 0; i < WIDTH; i++) line[i] = from + minimum(i, lines - 1) * stride;
  isize t = 0;
  for (; t + 4 <= steps; t += 4) {
    vf column[4];
    load_transposed(line, t, column);
    for (int i = 0; i < 4; i++) store(panel + (t + i) * width, column[i]);
  }
  for (; t < steps; t++)
    for (int i = 0; i < lines; i++) panel[t * width + i] = line[i][t];
}

template <int VECTORS>
inline void pack_vectors(const f32 *from, isize stride, isize length, isize steps, f32 *panel, isize width) {
  // In the last steps, whole vectors would reach beyond the operand or the panel.
  const isize risky = minimum<isize>(steps, static_cast<isize>(ceil_div(VECTORS * WIDTH - length, minimum(stride, width))));
  for (isize t = 0; t < steps - risky; t++) {
    for (int v = 0; v < VECTORS; v++) store(panel + v * WIDTH, load(from + v * WIDTH));
    from += stride;
    panel += width;
  }
  for (isize t = 0; t < risky; t++)
    for (isize i = 0; i < length; i++) panel[t * width + i] = from[t * stride + i];
}

/**
 * Packs lines of `length` elements that run across k: panel[t * width + i] = from[t * stride + i]. Writes whole vectors, but nothing beyond the last
 * step, because a panel may be packed in several calls.
 */
inline void pack_along(const f32 *from, isize stride, isize length, isize steps, f32 *panel, isize width) {
  if (length <= WIDTH) pack_vectors<1>(from, stride, length, steps, panel, width);
  else if (length <= 2 * WIDTH) pack_vectors<2>(from, stride, length, steps, panel, width);
  else pack_vectors<3>(from, stride, length, steps, panel, width);
}

/** Rows [row, row + rows), rows <= TILE_ROWS, and steps [step, step + steps) of A, as a panel with a stride of `rows`. */
inline void pack_a(const Gemm &g, i64 row, int rows, i64 step, i64 steps, f32 *panel) {
  if (g.transpose_a) return pack_along(g.a + step * g.lda + row, g.lda, rows, steps, panel, rows);
  // Goes from the last vector to the first: each overwrites what the one before wrote beyond its rows.
  for (int i = (rows - 1) / WIDTH * WIDTH; i >= 0; i -= WIDTH)
    pack_across(g.a + (row + i) * g.lda + step, g.lda, minimum(WIDTH, rows - i), steps, panel + i, rows);
}

/** Columns [column, column + columns), columns <= TILE_COLUMNS, of B stored transposed; each step takes whole vectors. */
inline void pack_columns(const Gemm &g, i64 column, i64 columns, i64 step, i64 steps, f32 *panel) {
  const i64 width = round_up(columns, WIDTH);
  for (i64 j = 0; j < columns; j += WIDTH)
    pack_across(g.b + (column + j) * g.ldb + step, g.ldb, static_cast<int>(minimum<i64>(WIDTH, columns - j)), steps, panel + j, width);
}

/** Packs step `t` of all panels, `panel_size` elements each, from a row of B with `columns` columns. The last panel takes whole vectors. */
inline void pack_row(const f32 *row, i64 columns, f32 *packed, i64 t, i64 panel_size) {
  f32 *to = packed + t * TILE_COLUMNS;
  for (; columns >= TILE_COLUMNS; columns -= TILE_COLUMNS, row += TILE_COLUMNS, to += panel_size) {
    SINAPSE_UNROLL for (int v = 0; v < TILE_VECTORS; v++) store(to + v * WIDTH, load(row + v * WIDTH));
  }
  if (columns == 0) return;
  to += t * (round_up(columns, WIDTH) - TILE_COLUMNS);
  for (; columns >= WIDTH; columns -= WIDTH, row += WIDTH, to += WIDTH) store(to, load(row));
  if (columns > 0) store(to, load_part(row, columns));
}

} // namespace SINAPSE_ISA
