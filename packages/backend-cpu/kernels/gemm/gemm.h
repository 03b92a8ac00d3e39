// A matrix product on all threads: C is divided into a grid of blocks, one task each. All threads together first pack an operand that several tasks
// need.
#pragma once
#include "gemm/split.h"

namespace SINAPSE_ISA {

/**
 * About as many elements of an operand are packed at once for all threads: 20 MB. An operand of 2048 by 2048 fits, with the unused room of its
 * blocks.
 */
constexpr i64 SHARED_SIZE = 5 << 20;
/** Blocks of k that are packed at once for all threads. */
constexpr i64 SHARED_DEPTHS = 16384 / DEPTH;

/** How an operand gets to the tiles. */
enum class Packing {
  /** Tiles read it where it lies. */
  NONE,
  /** Each task packs it for itself: no other task needs the same part. */
  OWN,
  SHARED
};

/** The grid of tasks, from the shape alone. */
struct Division {
  i64 rows, columns;
  Packing a, b;

  Division(const Gemm &g, const Tiling &tiling) {
    const i64 macs = g.m * g.n * g.k, wanted = tasks_wanted(macs);
    // Blocks of `block_tiles` tiles use the cache best; narrow blocks use an element of A for few columns.
    const i64 blocks = ceil_div(tiling.rows.count, block_tiles(g));
    rows = minimum(blocks, maximum(wanted, macs / TASK_MACS));
    // A block of C stays in a level 2 cache from one block of k to the next, beside its tiles of A.
    const i64 narrow = tiling.depths.count > 1 ? ceil_div(g.n, BLOCK_PANELS * TILE_COLUMNS) : 1;
    columns = minimum(maximum(ceil_div(wanted, rows), narrow), maximum<i64>(1, g.n / 128));
    if (rows * columns < wanted) rows = minimum(ceil_div(wanted, columns), ceil_div(tiling.rows.count, 2));
    a = !worth_packing_a(g) ? Packing::NONE : columns == 1 ? Packing::OWN : Packing::SHARED;
    b = !worth_packing_b(g) ? Packing::NONE : rows == 1 ? Packing::OWN : Packing::SHARED;
  }
};

/** Packed tiles of A for all threads: for each of some rows of the grid, some blocks of k one after another. */
struct SharedTiles {
  const Tiling &tiling;
  const Cut grid;
  f32 *const packed = nullptr;
  i64 block_size = 0;
  i64 first_block = 0, first_depth = 0;

  f32 *at(i64 block, i64 tile, i64 depth) const {
    const i64 before = tiling.depths.start(depth) - tiling.depths.start(first_depth);
    const i64 top = tiling.rows.start(grid.start(block)), rows = tiling.rows.start(grid.start(block + 1)) - top;
    return packed + (block - first_block) * block_size + rows * before + PACK_SLACK * (depth - first_depth) +
           (tiling.rows.start(tile) - top) * tiling.depths[depth].count();
  }
};

/** How many of `count` blocks, of `size` elements each, are packed at once. Every round packs about as many. */
inline i64 blocks_at_once(i64 count, i64 size) { return ceil_div(count, ceil_div(count * size, SHARED_SIZE)); }

/** C = epilogue(A B) on all threads. */
inline void gemm_parallel(const Gemm &g, const Epilogue *epilogue) {
  const Tiling tiling(g);
  const Division division(g, tiling);
  const bool share_a = division.a == Packing::SHARED, share_b = division.b == Packing::SHARED;
  const Cut rows{tiling.rows.count, division.rows}, columns{tiling.panels, division.columns};
  const i64 most_rows = ceil_div(tiling.rows.count, rows.count) * TILE_ROWS, most_panels = ceil_div(tiling.panels, columns.count);

  // How much is packed at once: blocks of k, rows of the grid, columns of the grid.
  const i64 depths = share_a || share_b ? minimum(tiling.depths.count, SHARED_DEPTHS) : tiling.depths.count;
  const i64 steps = minimum(g.k, depths * DEPTH);
  const i64 row_blocks = share_a ? blocks_at_once(rows.count, most_rows * steps) : rows.count;
  const i64 column_blocks = share_b ? blocks_at_once(columns.count, most_panels * TILE_COLUMNS * steps) : columns.count;

  Scratch scratch;
  const OwnScratch own(g, most_rows / TILE_ROWS, most_panels);
  f32 *const private_memory = scratch.floats(own.size() * thread_count());
  const i64 block_size = round_up(most_rows * steps + PACK_SLACK * depths, 16);
  SharedTiles shared_a{tiling, rows, scratch.floats(share_a ? block_size * row_blocks : 0), block_size};
  f32 *const shared_b = scratch.floats(share_b ? column_blocks * most_panels * TILE_COLUMNS * steps : 0);

  for (i64 first_column = 0; first_column < columns.count; first_column += column_blocks) {
    const Range some_columns{first_column, minimum(first_column + column_blocks, columns.count)};
    const Range held{columns.start(some_columns.begin), columns.start(some_columns.end)};
    for (i64 first_depth = 0; first_depth < tiling.depths.count; first_depth += depths) {
      const Range some_depths{first_depth, minimum(first_depth + depths, tiling.depths.count)};
      const auto b_of = [&](i64 depth) {
        return shared_b + held.count() * TILE_COLUMNS * (tiling.depths.start(depth) - tiling.depths.start(first_depth));
      };
      if (share_b) {
        const i64 parts = parts_to_pack(g, held, tiling.depths[first_depth]);
        parallel(parts * some_depths.count(), [&](i64 task, int) {
          const i64 depth = first_depth + task / parts;
          pack_panels(g, held, tiling.depths[depth], b_of(depth), task % parts, parts);
        });
      }
      for (i64 first_row = 0; first_row < rows.count; first_row += row_blocks) {
        const Range some_rows{first_row, minimum(first_row + row_blocks, rows.count)};
        shared_a.first_block = first_row;
        shared_a.first_depth = first_depth;
        if (share_a)
          parallel(some_rows.count() * some_depths.count(), [&](i64 task, int) {
            const i64 block = first_row + task / some_depths.count(), depth = first_depth + task % some_depths.count();
            pack_tiles(g, tiling.rows, rows[block], tiling.depths[depth], shared_a.at(block, rows.start(block), depth));
          });
        parallel(some_rows.count() * some_columns.count(), [&](i64 task, int thread) {
          const i64 block = first_row + task / some_columns.count(), column = first_column + task % some_columns.count();
          f32 *const own_a = private_memory + own.size() * thread, *const own_b = own_a + own.a;
          multiply_blocks(
              g, tiling, rows[block], columns[column], share_b ? most_panels : BLOCK_PANELS, some_depths, epilogue,
              [&](Range tiles, i64 depth) {
                return share_a ? shared_a.at(block, tiles.begin, depth) : own_tiles(g, tiling, tiles, depth, own_a);
              },
              [&](Range panels, i64 depth) {
                if (!share_b) return own_panels(g, tiling, panels, depth, own_b);
                return packed_panels(g, held, tiling.depths[depth], b_of(depth));
              });
        });
      }
    }
  }
}

/** A product with one column, written as one with one row: c' = b' A'. */
inline Gemm turned(const Gemm &g) { return {1, g.m, g.k, g.b, g.ldb, !g.transpose_b, g.a, g.lda, !g.transpose_a, g.c, g.m}; }

/** A product with few rows on all threads: each task takes neighbouring columns. */
inline void few_rows_parallel(const Gemm &g, const Epilogue *epilogue) {
  // Longer pieces of the rows of B are read faster, but several threads need pieces.
  const i64 pieces = maximum(ceil_div(g.n, SWEEP_COLUMNS<FEW_ROWS>), minimum<i64>(4, g.n / 128));
  const Cut columns{g.n, maximum<i64>(1, minimum(few_rows_tasks(g), pieces))};
  parallel(columns.count, [&](i64 task, int) { multiply_few_rows(g, columns[task], epilogue); });
}

/** C = epilogue(A B). Do not call it in a parallel loop: use `gemm_serial` there. */
inline void gemm(const Gemm &g, const Epilogue &epilogue) {
  if (g.n == 1 && g.ldc == 1 && g.m > 1 && epilogue.none()) return gemm(turned(g), epilogue);
  const i64 macs = g.m * g.n * g.k;
  if (macs <= SERIAL_MACS) {
    Scratch scratch;
    gemm_serial(g, &epilogue, scratch.floats(gemm_serial_scratch(g)));
  } else if (const i64 slabs = slabs_wanted(g); slabs > 1) gemm_split(g, epilogue, slabs);
  else if (has_few_rows(g)) few_rows_parallel(g, &epilogue);
  else gemm_parallel(g, &epilogue);
}

} // namespace SINAPSE_ISA
