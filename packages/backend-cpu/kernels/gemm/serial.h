// A matrix product on one thread, with scratch memory from the caller: for use inside a parallel loop.
#pragma once
#include "gemm/few_rows.h"

namespace SINAPSE_ISA {

/** The most tiles of A that are worked on at once, and their elements: up to half of a level 2 cache. */
constexpr i64 BLOCK_TILES = (WIDTH == 16 ? 224 : 144) / TILE_ROWS;
constexpr i64 BLOCK_SIZE = WIDTH == 16 ? 224 * 512 : 144 * 384;
inline i64 block_tiles(const Gemm &g) {
  return maximum<i64>(1, minimum(BLOCK_TILES, BLOCK_SIZE / (TILE_ROWS * maximum<i64>(1, minimum(g.k, DEPTH)))));
}

/** Panels of B that one thread packs at once. */
constexpr i64 BLOCK_PANELS = 512 / TILE_COLUMNS;

/**
 * Whether A is slow to read where it lies. Tiles of up to six rows are about as fast there (measured with AVX2 and in WebAssembly); more rows, a
 * power of two apart, do not fit in one set of a level 1 cache. In a transposed A, each step of a tile has its own line of memory.
 */
inline bool prefers_packed_a(const Gemm &g) { return TILE_ROWS > 6 || g.transpose_a; }

/** The number of panels of B from which packing A pays. */
inline i64 panels_to_pack_for(const Gemm &g) { return prefers_packed_a(g) ? 4 : 48; }

/** Packing an operand costs as much as a few uses of it. */
inline bool worth_packing_a(const Gemm &g) { return g.n > panels_to_pack_for(g) * TILE_COLUMNS; }
inline bool worth_packing_b(const Gemm &g) { return g.transpose_b || g.m > 4 * TILE_ROWS; }

/**
 * Multiplies all blocks of some tiles, panels and blocks of k in the order that reuses the caches best: for each `panels_at_once` panels, each block
 * of k, each `block_tiles` tiles. `left(tiles, depth)` returns the packed tiles or null, `right(panels, depth)` the panels; either may pack them
 * first.
 */
template <class Left, class Right>
inline void multiply_blocks(const Gemm &g, const Tiling &tiling, Range tiles, Range panels, i64 panels_at_once, Range depths,
                            const Epilogue *epilogue, const Left &left, const Right &right) {
  const i64 tiles_at_once = block_tiles(g);
  for (i64 p = panels.begin; p < panels.end; p += panels_at_once) {
    const Range some_panels{p, minimum(p + panels_at_once, panels.end)};
    for (i64 depth = depths.begin; depth < depths.end; depth++) {
      const RightPanels b = right(some_panels, depth);
      for (i64 t = tiles.begin; t < tiles.end; t += tiles_at_once) {
        const Range some_tiles{t, minimum(t + tiles_at_once, tiles.end)};
        const bool last = depth == tiling.depths.count - 1;
        multiply_block(g, tiling.rows, some_tiles, some_panels, tiling.depths[depth], left(some_tiles, depth), b, depth > 0,
                       last ? epilogue : nullptr);
      }
    }
  }
}

/** Scratch memory in which a thread packs for itself, in elements; all sizes are multiples of 16. */
struct OwnScratch {
  i64 a, b;
  OwnScratch(const Gemm &g, i64 tiles, i64 panels)
      : a(round_up(minimum(tiles, block_tiles(g)) * TILE_ROWS * minimum(g.k, DEPTH) + PACK_SLACK, 16)),
        b(round_up(minimum(panels, BLOCK_PANELS) * TILE_COLUMNS * minimum(g.k, DEPTH), 16)) {}
  i64 size() const { return a + b; }
};

/** Packs some steps of tiles; null where A is read where it lies. */
inline const f32 *own_tiles(const Gemm &g, const Tiling &tiling, Range tiles, i64 depth, f32 *scratch) {
  if (!worth_packing_a(g)) return nullptr;
  pack_tiles(g, tiling.rows, tiles, tiling.depths[depth], scratch);
  return scratch;
}

/** Packs some steps of panels; only the last panel of B if the others are read where they lie. */
inline RightPanels own_panels(const Gemm &g, const Tiling &tiling, Range panels, i64 depth, f32 *scratch) {
  const Range steps = tiling.depths[depth];
  if (worth_packing_b(g)) {
    pack_panels(g, panels, steps, scratch);
    return packed_panels(g, panels, steps, scratch);
  }
  if (ends_within_vector(g) && panels.end == tiling.panels) pack_panels(g, {panels.end - 1, panels.end}, steps, scratch);
  return direct_panels(g, steps, scratch);
}

/** Elements of scratch memory that `gemm_serial` needs: a multiple of 16. */
inline i64 gemm_serial_scratch(const Gemm &g) {
  const Tiling tiling(g);
  return OwnScratch(g, tiling.rows.count, tiling.panels).size();
}

/** C = epilogue(A B) on the calling thread; C = A B where the epilogue is null. `scratch` has `gemm_serial_scratch` elements, aligned to 64 bytes. */
inline void gemm_serial(const Gemm &g, const Epilogue *epilogue, f32 *scratch) {
  if (g.m == 0 || g.n == 0) return;
  if (has_few_rows(g)) return multiply_few_rows(g, {0, g.n}, epilogue);
  const Tiling tiling(g);
  f32 *packed_b = scratch + OwnScratch(g, tiling.rows.count, tiling.panels).a;
  multiply_blocks(
      g, tiling, {0, tiling.rows.count}, {0, tiling.panels}, BLOCK_PANELS, {0, tiling.depths.count}, epilogue,
      [&](Range tiles, i64 depth) { return own_tiles(g, tiling, tiles, depth, scratch); },
      [&](Range panels, i64 depth) { return own_panels(g, tiling, panels, depth, packed_b); });
}

} // namespace SINAPSE_ISA
