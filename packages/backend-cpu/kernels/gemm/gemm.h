// A matrix product on all threads. B is packed once, by all of them; then each task packs the rows of A that it works on.
#pragma once
#include "base/host.h"
#include "gemm/serial.h"

namespace SINAPSE_ISA {

/** Multiplications that are worth a task of their own. */
constexpr i64 TASK_MACS = 1 << 22;
/** Products smaller than this stay on the calling thread. */
constexpr i64 SERIAL_MACS = 1 << 19;
/** Elements of B that are packed at once: 16 MB. */
constexpr i64 SHARED_SIZE = 1 << 22;

/** C = epilogue(A B). Not to be called from a parallel loop: see `gemm_serial`. */
inline void gemm(const Gemm &g, const Epilogue &epilogue) {
  if (g.m == 0 || g.n == 0) return;
  Scratch scratch;
  if (g.m * g.n * g.k <= SERIAL_MACS) return gemm_serial(g, epilogue, scratch.floats(gemm_serial_scratch(g)));
  const Tiling tiling(g);
  const bool pack_a = worth_packing_a(g), pack_b = worth_packing_b(g);
  const i64 a_size = round_up(packed_tiles_size(tiling, TILES_OF_BLOCK), 16);
  f32 *packed_a = scratch.floats(a_size * thread_count());
  const i64 row_tasks = ceil_div(tiling.rows.count, TILES_OF_BLOCK);
  const Cut tile_cut{tiling.rows.count, row_tasks};
  const i64 most = pack_b ? maximum<i64>(PANELS_OF_BLOCK, SHARED_SIZE / g.k / TILE_COLUMNS) : tiling.panels;
  f32 *packed_b = scratch.floats(pack_b ? minimum(most, tiling.panels) * TILE_COLUMNS * g.k + PACK_SLACK : TILE_COLUMNS * g.k + PACK_SLACK);
  for (i64 p = 0; p < tiling.panels; p += most) {
    const Range all{p, minimum(p + most, tiling.panels)};
    const i64 count = all.end - all.begin;
    const auto b_of = [&](i64 step) { return packed_b + count * TILE_COLUMNS * step; };
    if (pack_b) {
      const i64 groups = ceil_div(count * TILE_COLUMNS * DEPTH, 1 << 16);
      const Cut cut{count, minimum(groups, count)};
      parallel(cut.count * tiling.depths.count, [&](i64 task, int) {
        const i64 depth = task / cut.count, group = task % cut.count;
        const i64 step = tiling.depths.start(depth), steps = tiling.depths.start(depth + 1) - step;
        const Range panels{all.begin + cut.start(group), all.begin + cut.start(group + 1)};
        pack_panels(g, panels, step, steps, b_of(step) + cut.start(group) * TILE_COLUMNS * steps);
      });
    } else {
      for (i64 depth = 0; depth < tiling.depths.count; depth++) {
        const i64 step = tiling.depths.start(depth), steps = tiling.depths.start(depth + 1) - step;
        direct_panels(g, step, steps, packed_b + TILE_COLUMNS * step);
      }
    }
    const i64 rows = ceil_div(g.m, row_tasks);
    const i64 wanted = maximum<i64>(TASK_MACS / maximum<i64>(1, rows * g.k * TILE_COLUMNS), pack_a ? PANELS_OF_BLOCK : 1);
    const Cut cut{count, ceil_div(count, wanted)};
    parallel(cut.count * row_tasks, [&](i64 task, int thread) {
      const i64 group = task % cut.count, block = task / cut.count;
      const Range panels{all.begin + cut.start(group), all.begin + cut.start(group + 1)};
      const Range tiles{tile_cut.start(block), tile_cut.start(block + 1)};
      f32 *own = packed_a + thread * a_size;
      for (i64 depth = 0; depth < tiling.depths.count; depth++) {
        const i64 step = tiling.depths.start(depth), steps = tiling.depths.start(depth + 1) - step;
        RightPanels b;
        if (pack_b) b = packed_panels(g, all, steps, b_of(step));
        else b = {g.b + step * g.ldb, TILE_COLUMNS, static_cast<isize>(g.ldb), 0, g.n % TILE_COLUMNS % WIDTH == 0 ? nullptr : packed_b + TILE_COLUMNS * step};
        if (pack_a) pack_tiles(g, tiling.rows, tiles, step, steps, own);
        multiply_block(g, epilogue, tiling, tiles, panels, depth, b, pack_a ? own : nullptr);
      }
    });
  }
}

} // namespace SINAPSE_ISA
