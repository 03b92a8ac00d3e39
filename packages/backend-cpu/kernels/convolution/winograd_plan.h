// How a 3x3 convolution is cut for Winograd's algorithm.
#pragma once
#include "convolution/geometry.h"

namespace SINAPSE_ISA {

/**
 * How a pass is cut: into tiles of the output, and those into blocks. Where there are many blocks, each is a task. A small pass is a single block,
 * and all threads share each of its stages, so the transformed filter is read only once. No result depends on the number of blocks.
 */
template <int OUT> struct WinogradPlan {
  static constexpr int SIZE = OUT + 2, POSITIONS = SIZE * SIZE;
  /** Elements of a block's transformed tiles, of the image and of y: they stay in a near cache with the filter of one position. */
  static constexpr i64 BLOCK = 1 << 16;
  /** The fewest tiles of a block: every block reads the whole transformed filter. */
  static constexpr i64 LEAST = 4 * TILE_ROWS;
  /** From this many blocks on, each is a task. Chosen by measuring with two threads; more threads may want more blocks. */
  static constexpr i64 MANY = 8;
  /** Multiplications of a task where several tasks share the product of a position. */
  static constexpr i64 PART = 1 << 22;
  /** Channels of tiles that a task of a single block transforms: little work, but the threads are awake anyway between the stages. */
  static constexpr i64 TRANSFORM = 1 << 10;

  i64 down, across; // tiles of an image
  Cut blocks;
  /** Elements between transformed tiles, and between positions. Not powers of two, or positions would share lines of the cache. */
  i64 image_row, image_position, result_row, result_position;

  explicit WinogradPlan(const Pass &p) : down(ceil_div(p.out_height, OUT)), across(ceil_div(p.out_width, OUT)) {
    image_row = round_up(p.channels, WIDTH);
    result_row = round_up(p.filters, WIDTH);
    const i64 tiles = p.batch * down * across, wanted = maximum(LEAST, BLOCK / POSITIONS / (image_row + result_row));
    const i64 count = ceil_div(tiles, wanted / TILE_ROWS * TILE_ROWS);
    blocks = {tiles, count < MANY ? 1 : count};
    const i64 most = ceil_div(tiles, blocks.count);
    image_position = round_up(most * image_row, 32) + 16;
    result_position = round_up(most * result_row, 32) + 16;
  }
  i64 image_size() const { return POSITIONS * image_position; }
  i64 result_size() const { return POSITIONS * result_position; }
};

/** A tile of the output. */
struct WinogradTile {
  i64 image, row, column;
};

template <int OUT> inline WinogradTile winograd_tile(const WinogradPlan<OUT> &plan, i64 index) {
  const i64 in_image = index % (plan.down * plan.across);
  return {index / (plan.down * plan.across), in_image / plan.across * OUT, in_image % plan.across * OUT};
}

} // namespace SINAPSE_ISA
