// Filters of depthwise convolutions, packed for depthwise.h: tap after tap, each with whole vectors of channels.
#pragma once
#include "convolution/panels.h"

namespace SINAPSE_ISA {

/** Elements of a packed filter with `taps` taps. */
inline i64 depthwise_size(const Geometry &g, i64 taps) { return taps * round_up(g.channels, WIDTH); }

/** Packs the given taps, with zeros after the last channel. */
inline void pack_depthwise(const f32 *filter, const Geometry &g, const Taps &rows, const Taps &columns, f32 *packed) {
  const i64 size = round_up(g.channels, WIDTH);
  for (i64 u = 0; u < rows.count; u++)
    for (i64 v = 0; v < columns.count; v++, packed += size) {
      __builtin_memcpy(packed, filter + (rows[u] * g.kernel_width + columns[v]) * g.channels, g.channels * 4);
      __builtin_memset(packed + g.channels, 0, (size - g.channels) * 4);
    }
}

/** Packs all taps in order. */
inline void pack_depthwise(const f32 *filter, const Geometry &g, f32 *packed) {
  pack_depthwise(filter, g, {0, -1, g.kernel_height}, {0, -1, g.kernel_width}, packed);
}

} // namespace SINAPSE_ISA
