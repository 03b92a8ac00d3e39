// A matrix product on all threads, in blocks of columns, a task each. A thread packs its panels of B itself and reads A where it lies: nothing is
// written that another thread reads. Then some rows after the other pass through all that it packed, so that their part of C stays in a cache.
#pragma once
#include "base/host.h"
#include "gemm/split.h"

namespace SINAPSE_ISA {

/** Panels of B, blocks of k and tiles of A that are worked on at once, at most: together 650 KB. */
constexpr i64 COLUMN_PANELS = 96 / TILE_COLUMNS, COLUMN_DEPTHS = maximum<i64>(1, 1152 / DEPTH), COLUMN_TILES = maximum(1, 48 / TILE_ROWS);
/** Measured from so many rows on. A larger A is read anew by each task, and does not stay in the caches: no gain. */
constexpr i64 COLUMN_ROWS = 96, COLUMN_SIZE = 1 << 21;
/** Multiplications for a thread, from which on its tasks may be few. */
constexpr i64 WIDE_MACS = 1 << 25;

/** Tasks: as many for each thread. */
inline i64 column_tasks(const Gemm &g, i64 threads) { return round_up(ceil_div(g.n, COLUMN_PANELS * TILE_COLUMNS), threads); }

/** Whether a product has rows and columns for this, and more than one block of k. */
inline bool goes_in_columns(const Gemm &g, i64 threads) {
  return !prefers_packed_a(g) && g.k > DEPTH && g.m >= COLUMN_ROWS && g.m * g.k <= COLUMN_SIZE && g.m * g.n * g.k >= WIDE_MACS * threads &&
         column_tasks(g, threads) * COLUMN_PANELS * TILE_COLUMNS * 3 <= g.n * 4;
}

/** C = epilogue(A B). Where it is cut depends on the number of threads, but no element's sum does. */
inline void gemm_in_columns(const Gemm &g, const Epilogue *epilogue) {
  const Tiling tiling(g);
  const Cut columns{tiling.panels, column_tasks(g, thread_count())}, &depths = tiling.depths;
  const i64 most_panels = ceil_div(tiling.panels, columns.count), most_steps = ceil_div(g.k, depths.count) * minimum(COLUMN_DEPTHS, depths.count);
  const i64 size = round_up(most_panels * TILE_COLUMNS * most_steps, 16);
  Scratch scratch;
  f32 *const memory = scratch.floats(size * thread_count());
  parallel(columns.count, [&](i64 task, int thread) {
    const Range panels = columns[task];
    for (i64 first = 0; first < depths.count; first += COLUMN_DEPTHS) {
      const Range some{first, minimum(first + COLUMN_DEPTHS, depths.count)};
      const auto packed = [&](i64 depth) {
        return memory + size * thread + panels.count() * TILE_COLUMNS * (depths.start(depth) - depths.start(first));
      };
      for (i64 depth = some.begin; depth < some.end; depth++) pack_panels(g, panels, depths[depth], packed(depth));
      for (i64 tile = 0; tile < tiling.rows.count; tile += COLUMN_TILES) {
        const Range tiles{tile, minimum(tile + COLUMN_TILES, tiling.rows.count)};
        for (i64 depth = some.begin; depth < some.end; depth++)
          multiply_block(g, tiling.rows, tiles, panels, depths[depth], nullptr, packed_panels(g, panels, depths[depth], packed(depth)), depth > 0,
                         depth == depths.count - 1 ? epilogue : nullptr);
      }
    }
  });
}

} // namespace SINAPSE_ISA
