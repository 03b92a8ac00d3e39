// Filters packed for the tiles of a pass. Each panel holds TILE_COLUMNS filters (the last one fewer, in whole vectors), tap after tap and channel
// after channel: the row order of the matrix F of a pass.
#pragma once
#include "convolution/geometry.h"

namespace SINAPSE_ISA {

/** Elements of the packed filter of one group, for `columns` results from a sum of `depth` terms. */
inline i64 panels_size(i64 depth, i64 columns) { return depth * round_up(columns, WIDTH); }

/** For the forward pass: a panel's columns are filters. */
inline void pack_filter(const f32 *filter, const Geometry &g, f32 *panels) {
  const i64 depth = g.taps() * g.group_channels(), columns = g.group_filters(), each = ceil_div(columns, TILE_COLUMNS);
  parallel_ranges(g.groups * each, ceil_div(1 << 14, maximum<i64>(1, depth * TILE_COLUMNS)), [&](i64 begin, i64 end, int) {
    for (i64 i = begin; i < end; i++) {
      const i64 group = i / each, column = i % each * TILE_COLUMNS, width = minimum<i64>(TILE_COLUMNS, columns - column);
      pack_along(filter + group * columns + column, static_cast<isize>(g.filters), static_cast<isize>(width), static_cast<isize>(depth),
                 panels + group * panels_size(depth, columns) + column * depth, static_cast<isize>(round_up(width, WIDTH)));
    }
  });
}

/** The taps of a filter along one axis that a pass of the input gradient uses, last first. */
struct Taps {
  i64 last, step, count;
  i64 operator[](i64 i) const { return last - i * step; }
};

/** For the gradient of the input: a panel's columns are channels, its rows the filters at the given taps. */
inline void pack_filter_transposed(const f32 *filter, const Geometry &g, const Taps &rows, const Taps &columns, f32 *panels) {
  const i64 channels = g.group_channels(), filters = g.group_filters(), each = ceil_div(channels, TILE_COLUMNS);
  const i64 depth = rows.count * columns.count * filters;
  parallel_ranges(g.groups * each, ceil_div(1 << 14, maximum<i64>(1, depth * TILE_COLUMNS)), [&](i64 begin, i64 end, int) {
    for (i64 i = begin; i < end; i++) {
      const i64 group = i / each, first = i % each * TILE_COLUMNS, width = round_up(minimum<i64>(TILE_COLUMNS, channels - first), WIDTH);
      f32 *to = panels + group * panels_size(depth, channels) + first * depth;
      for (i64 u = 0; u < rows.count; u++)
        for (i64 v = 0; v < columns.count; v++, to += filters * width) {
          const f32 *tap = filter + (rows[u] * g.kernel_width + columns[v]) * channels * g.filters + group * filters;
          for (i64 c = 0; c < width; c += WIDTH)
            pack_across(tap + (first + c) * g.filters, static_cast<isize>(g.filters), static_cast<int>(minimum<i64>(WIDTH, channels - first - c)),
                        static_cast<isize>(filters), to + c, static_cast<isize>(width));
        }
    }
  });
}

} // namespace SINAPSE_ISA
