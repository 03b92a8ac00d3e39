// A matrix product on one thread, with scratch memory from the caller: for pieces of work that are parallel among each other.
#pragma once
#include "gemm/block.h"

namespace SINAPSE_ISA {

/** Tiles of A that are packed at once: with DEPTH steps they fill a part of a level 2 cache. */
constexpr i64 TILES_OF_BLOCK = 96 / TILE_ROWS;
/** Panels of B that are packed at once where a thread packs its own. */
constexpr i64 PANELS_OF_BLOCK = 256 / TILE_COLUMNS;

/** Packing an operand costs about as much as a few uses of it. */
inline bool worth_packing_a(const Gemm &g) { return g.n > 4 * TILE_COLUMNS; }
inline bool worth_packing_b(const Gemm &g) { return g.transpose_b || g.m > 4 * TILE_ROWS; }

inline i64 packed_tiles_size(const Tiling &tiling, i64 tiles) {
  return minimum(tiles, tiling.rows.count) * TILE_ROWS * minimum(tiling.depths.length, DEPTH) + PACK_SLACK;
}

/** Elements of scratch memory that `gemm_serial` needs. */
inline i64 gemm_serial_scratch(const Gemm &g) {
  const Tiling tiling(g);
  const i64 panels = minimum(tiling.panels, PANELS_OF_BLOCK);
  return round_up(packed_tiles_size(tiling, TILES_OF_BLOCK), 16) + packed_panels_size({0, panels}, minimum(g.k, DEPTH));
}

/** C = epilogue(A B) on the calling thread. `scratch` has gemm_serial_scratch(g) elements, on a boundary of 64 bytes. */
inline void gemm_serial(const Gemm &g, const Epilogue &epilogue, f32 *scratch) {
  if (g.m == 0 || g.n == 0) return;
  const Tiling tiling(g);
  const bool pack_a = worth_packing_a(g), pack_b = worth_packing_b(g);
  f32 *packed_a = scratch, *packed_b = scratch + round_up(packed_tiles_size(tiling, TILES_OF_BLOCK), 16);
  for (i64 p = 0; p < tiling.panels; p += PANELS_OF_BLOCK) {
    const Range panels{p, minimum(p + PANELS_OF_BLOCK, tiling.panels)};
    for (i64 depth = 0; depth < tiling.depths.count; depth++) {
      const i64 step = tiling.depths.start(depth), steps = tiling.depths.start(depth + 1) - step;
      if (pack_b) pack_panels(g, panels, step, steps, packed_b);
      const RightPanels b = pack_b ? packed_panels(g, panels, steps, packed_b) : direct_panels(g, step, steps, packed_b);
      for (i64 t = 0; t < tiling.rows.count; t += TILES_OF_BLOCK) {
        const Range tiles{t, minimum(t + TILES_OF_BLOCK, tiling.rows.count)};
        if (pack_a) pack_tiles(g, tiling.rows, tiles, step, steps, packed_a);
        multiply_block(g, epilogue, tiling, tiles, panels, depth, b, pack_a ? packed_a : nullptr);
      }
    }
  }
}

} // namespace SINAPSE_ISA
