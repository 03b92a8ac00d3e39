// A batch [rows, channels] seen as long rows. Few channels would leave vectors mostly empty and loops too short, so several rows are joined into one
// long row; in the end its lanes are joined to channels.
#pragma once
#include "base/host.h"
#include "base/vector.h"

namespace SINAPSE_ISA {

/** Elements of a block of rows, which stays in the nearest cache while it is read twice, and elements of a task. */
constexpr i64 CHANNEL_BLOCK = 1 << 14, CHANNEL_GRAIN = 1 << 16;
/** The fewest lanes, if rows can be joined; the most rows in a block, since each adds to a float32 sum. */
constexpr i64 CHANNEL_LANES = 128, CHANNEL_ROWS = 64;
/** The most parts that a batch is cut into. */
constexpr i64 CHANNEL_PARTS = 64;

struct Channels {
  i64 rows, channels;
  /** Rows in a long row, and its elements. */
  i64 together, lanes;
  /** Long rows in a block. */
  i64 block;
  /** Parts of the batch that are summed separately, and long rows in each. */
  i64 parts, part;

  Channels(i64 of_rows, i64 of_channels) : rows(of_rows), channels(of_channels), together(1) {
    if (channels < CHANNEL_LANES)
      while (together * channels < CHANNEL_LANES || together * channels % WIDTH != 0) together++;
    lanes = together * channels;
    block = maximum<i64>(8, minimum(CHANNEL_ROWS, CHANNEL_BLOCK / lanes));
    const i64 wanted = maximum<i64>(1, minimum(CHANNEL_PARTS, rows * channels / CHANNEL_GRAIN));
    part = maximum<i64>(1, round_up(ceil_div(rows, wanted * together), block));
    parts = ceil_div(rows, part * together);
  }

  /** Calls body(element, long rows, lanes) for the blocks of a part: at x[element] begin `long rows` rows of `lanes`. The last row may be shorter. */
  template <class Body> void for_each_block(i64 which, const Body &body) const {
    const i64 first = which * part * together, end = minimum(rows, first + part * together);
    const i64 whole = (end - first) / together, rest = (end - first) % together;
    for (i64 i = 0; i < whole; i += block) body((first + i * together) * channels, minimum(block, whole - i), lanes);
    if (rest > 0) body((end - rest) * channels, 1, rest * channels);
  }

  /** Calls body(element, lanes) for every long row, in parallel. */
  template <class Body> void for_each_row(const Body &body) const {
    const i64 size = rows * channels;
    parallel_ranges(ceil_div(rows, together), ceil_div(CHANNEL_GRAIN, lanes), [&](i64 begin, i64 end, int) {
      for (i64 row = begin; row < end; row++) body(row * lanes, minimum(lanes, size - row * lanes));
    });
  }

  /** Copies values of the channels to all lanes. */
  void spread(const f32 *of_channels, f32 *of_lanes) const {
    for (i64 i = 0; i < lanes; i++) of_lanes[i] = of_channels[i % channels];
  }
};

} // namespace SINAPSE_ISA
