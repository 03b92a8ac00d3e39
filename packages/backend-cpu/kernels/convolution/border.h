// Results at the border of an image, where taps outside it add nothing. Direct passes multiply those taps by zeros, which is NaN where the filter is
// not finite.
#pragma once
#include "base/host.h"
#include "base/row.h"
#include "convolution/panels.h"

namespace SINAPSE_ISA {

/** One result of all filters: the sum over the taps inside the image. There is no epilogue. */
__attribute__((noinline)) inline void sum_inside(const Pass &p, i64 image, i64 row, i64 column, f32 *y) {
  for (i64 group = 0; group < p.groups; group++)
    for (i64 f = 0; f < p.filters; f += WIDTH) {
      const i64 panel = f / TILE_COLUMNS * TILE_COLUMNS, width = round_up(minimum<i64>(TILE_COLUMNS, p.filters - panel), WIDTH);
      const f32 *weights = p.panels + group * panels_size(p.depth(), p.filters) + panel * p.depth() + f - panel;
      vf total{};
      for (i64 u = 0; u < p.kernel_height; u++)
        for (i64 v = 0; v < p.kernel_width; v++, weights += p.channels * width) {
          const i64 i = p.origin_y + row * p.stride_y + u * p.dilation_y, j = p.origin_x + column * p.stride_x + v * p.dilation_x;
          if (i < 0 || i >= p.height || j < 0 || j >= p.width) continue;
          const f32 *x = p.x + ((image * p.height + i) * p.width + j) * p.pixel + group * p.channels;
          for (i64 c = 0; c < p.channels; c++) total = fma(splat(x[c]), load(weights + c * width), total);
        }
      store_some(y + group * p.filters + f, total, minimum<i64>(WIDTH, p.filters - f));
    }
}

/** Outputs along an axis whose taps are all inside the image. */
inline Range inside(i64 outputs, i64 origin, i64 stride, i64 reach, i64 length) {
  const i64 begin = origin >= 0 ? 0 : minimum(outputs, ceil_div(-origin, stride)), last = length - 1 - reach - origin;
  return {begin, last < 0 ? begin : maximum(begin, minimum(outputs, last / stride + 1))};
}

/** Computes those results of a direct pass again that are NaN and see taps outside the image. */
inline void mend_border(const Pass &p) {
  const Range rows = inside(p.out_height, p.origin_y, p.stride_y, (p.kernel_height - 1) * p.dilation_y, p.height);
  const Range columns = inside(p.out_width, p.origin_x, p.stride_x, (p.kernel_width - 1) * p.dilation_x, p.width);
  if (rows.count() == p.out_height && columns.count() == p.out_width) return;
  const i64 filters = p.groups * p.filters;
  parallel_ranges(p.batch * p.out_height, ceil_div(1 << 14, maximum<i64>(1, p.out_width * filters)), [&](i64 begin, i64 end, int) {
    for (i64 index = begin; index < end; index++) {
      const i64 image = index / p.out_height, i = index % p.out_height;
      const bool whole = i < rows.begin || i >= rows.end;
      for (i64 j = 0; j < p.out_width; j++) {
        if (!whole && j == columns.begin) j = columns.end;
        if (j >= p.out_width) break;
        f32 *y = p.y + image * p.out_image + i * p.out_row + j * p.out_pixel;
        vi wrong{};
        for_each_vector(y, filters, [&](vf value, i64, i64) __attribute__((always_inline)) { wrong |= value != value; });
        if (any(wrong)) sum_inside(p, image, i, j, y);
      }
    }
  });
}

} // namespace SINAPSE_ISA
