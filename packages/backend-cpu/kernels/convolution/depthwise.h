// Depthwise convolution: every channel has a filter of its own, so nothing is summed over channels, and these are the lanes of the vectors. Only
// reading and writing the images takes time: each block of neighbouring pixels goes through the places of the filter while its sums stay in
// registers, channels after channels, as they lie in memory.
#pragma once
#include "base/host.h"
#include "base/row.h"
#include "convolution/panels.h"
#include "gemm/finish.h"

namespace SINAPSE_ISA {

inline bool is_depthwise(const Pass &p) { return p.groups > 1 && p.channels == 1 && p.filters == 1; }
inline bool is_depthwise(const Geometry &g) { return g.groups > 1 && g.channels == g.groups && g.filters == g.groups; }

/** A packed depthwise filter is [places, channels]; places of a pass over dy are those of the filter, last first. */
inline void pack_depthwise(const f32 *filter, const Geometry &g, f32 *packed) { __builtin_memcpy(packed, filter, g.taps() * g.groups * 4); }

inline void pack_depthwise_transposed(const f32 *filter, const Geometry &g, const Places &rows, const Places &columns, f32 *packed) {
  for (i64 u = 0; u < rows.count; u++)
    for (i64 v = 0; v < columns.count; v++, packed += g.groups)
      __builtin_memcpy(packed, filter + (rows[u] * g.kernel_width + columns[v]) * g.groups, g.groups * 4);
}

/** Neighbouring pixels of one output row, and `lanes` channels from `channel` on. */
struct DepthwiseBlock {
  const f32 *x;
  i64 row, column, channel, lanes;
  TileResult result;
};

/** The output pixels along a row whose places all lie in the image. */
inline Range inner_columns(const Pass &p) {
  const i64 reach = (p.kernel_width - 1) * p.dilation_x;
  const i64 first = minimum(p.out_width, ceil_div(maximum<i64>(0, -p.origin_x), p.stride_x));
  const i64 room = p.width - 1 - reach - p.origin_x;
  return {first, maximum(first, room < 0 ? 0 : minimum(p.out_width, room / p.stride_x + 1))};
}

template <int PIXELS> inline void depthwise_block(const Pass &p, const DepthwiseBlock &block) {
  vf sum[PIXELS][1];
  clear(sum);
  const i64 step = p.stride_x * p.pixel;
  const f32 *filter = p.panels + block.channel;
  for (i64 u = 0; u < p.kernel_height; u++) {
    const i64 row = block.row + u * p.dilation_y;
    const bool inside = row >= 0 && row < p.height;
    const f32 *x = block.x + (inside ? (row * p.width + block.column) * p.pixel : 0) + block.channel;
    for (i64 v = 0; v < p.kernel_width; v++, filter += p.groups, x += p.dilation_x * p.pixel) {
      const vf weight = load_some(filter, block.lanes);
      const i64 column = block.column + v * p.dilation_x;
      // Of a block of several pixels all columns lie in the image. Padding is zeros: an infinite weight makes them NaN.
      if (!inside || (PIXELS == 1 && (column < 0 || column >= p.width))) {
        SINAPSE_UNROLL for (int i = 0; i < PIXELS; i++) sum[i][0] += weight * 0.0f;
      } else if (block.lanes == WIDTH) {
        SINAPSE_UNROLL for (int i = 0; i < PIXELS; i++) sum[i][0] = fma(load(x + i * step), weight, sum[i][0]);
      } else {
        SINAPSE_UNROLL for (int i = 0; i < PIXELS; i++) sum[i][0] = fma(load_part(x + i * step, block.lanes), weight, sum[i][0]);
      }
    }
  }
  finish(sum, block.result);
}

/** All channels of so many pixels. */
template <int PIXELS> inline void depthwise_pixels(const Pass &p, DepthwiseBlock block, f32 *y) {
  for (i64 c = 0; c < p.groups; c += WIDTH) {
    block.channel = c;
    block.lanes = minimum<i64>(WIDTH, p.groups - c);
    block.result.c = y + c;
    block.result.columns = static_cast<isize>(block.lanes);
    block.result.column = static_cast<isize>(c);
    depthwise_block<PIXELS>(p, block);
  }
}

inline void convolve_depthwise(const Pass &p) {
  const Range inner = inner_columns(p);
  const i64 macs = maximum<i64>(1, p.out_width * p.kernel_height * p.kernel_width * p.groups);
  parallel_ranges(p.batch * p.out_height, ceil_div(1 << 20, macs), [&](i64 begin, i64 end, int) {
    DepthwiseBlock block;
    block.result.ldc = static_cast<isize>(p.out_pixel);
    block.result.accumulate = false;
    block.result.epilogue = &p.epilogue;
    for (i64 at = begin; at < end; at++) {
      const i64 image = at / p.out_height, i = at % p.out_height;
      f32 *y = p.y + image * p.out_image + i * p.out_row;
      block.x = p.x + image * p.height * p.width * p.pixel;
      block.row = p.origin_y + i * p.stride_y;
      for (i64 j = 0, pixels; j < p.out_width; j += pixels) {
        const i64 left = j < inner.begin ? 1 : inner.end - j;
        block.column = p.origin_x + j * p.stride_x;
        block.result.row = static_cast<isize>(at * p.out_width + j);
        f32 *to = y + j * p.out_pixel;
        pixels = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
        switch (pixels) {
        case 8: depthwise_pixels<8>(p, block, to); break;
        case 4: depthwise_pixels<4>(p, block, to); break;
        case 2: depthwise_pixels<2>(p, block, to); break;
        default: depthwise_pixels<1>(p, block, to);
        }
      }
    }
  });
}

} // namespace SINAPSE_ISA
