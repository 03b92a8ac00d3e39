// The input gradient of a convolution with few channels. As a convolution of dy (input_gradient.h), its vectors would hold these channels and most
// lanes would idle. Here a vector holds all values under a filter: dP = dy Fᵀ is a product with a column for each tap and channel, whose rows are
// then added to the pixels they belong to (col2im). Each image is one task, so the order of the sums is fixed.
#pragma once
#include "convolution/planes.h"

namespace SINAPSE_ISA {

/** Whether, by the filter, most lanes would idle otherwise, so that scattering may cost less. The filter is then packed for both ways. */
inline bool may_scatter(const Geometry &g) {
  return g.groups == 1 && g.dilation_x == 1 && 2 * g.channels <= WIDTH && g.kernel_width * g.channels >= WIDTH && g.filters >= 8;
}

/** Whether, by the image, scattering does cost less. It does not support padding that cuts off pixels. */
inline bool is_scattered(const Geometry &g) {
  if (!may_scatter(g) || g.out_height * g.out_width == 0 || g.top < 0 || g.left < 0) return false;
  return g.stride_y != 1 || g.stride_x != 1 || !worth_planes(g.width, g.kernel_width - 1, g.taps(), g.filters, g.channels);
}

/** Elements that pack_scattered writes. */
inline i64 scattered_size(const Geometry &g) { return may_scatter(g) ? panels_size(g.filters, g.taps() * g.channels) : 0; }

/** Packs the filter as the matrix Fᵀ [filters, taps and channels], in panels. */
inline void pack_scattered(const f32 *filter, Geometry g, f32 *panels) {
  g.channels *= g.taps();
  g.kernel_height = g.kernel_width = 1;
  const Taps one{0, 1, 1};
  pack_filter_transposed(filter, g, one, one, panels);
}

inline void add_to_line(f32 *to, const f32 *from, i64 length) {
  i64 i = 0;
  for (; i + WIDTH <= length; i += WIDTH) store(to + i, load(to + i) + load(from + i));
  if (i < length) store_part(to + i, load_part(to + i, length - i) + load_part(from + i, length - i), length - i);
}

/** `packed` comes from pack_scattered. */
inline void scatter_input_gradient(const Geometry &g, const f32 *dy, const f32 *packed, f32 *dx) {
  // The size of an image with room around it for all that the filter reaches.
  const i64 height = maximum(g.height + g.top, (g.out_height - 1) * g.stride_y + (g.kernel_height - 1) * g.dilation_y + 1);
  const i64 width = maximum(g.width + g.left, (g.out_width - 1) * g.stride_x + g.kernel_width);
  const i64 line = g.kernel_width * g.channels, row = width * g.channels, size = round_up(height * row, 16);
  Pass product{};
  product.batch = product.groups = product.height = product.out_height = 1;
  product.width = product.out_width = g.out_width;
  product.pixel = product.channels = g.filters;
  product.kernel_height = product.kernel_width = product.stride_y = product.stride_x = product.dilation_y = product.dilation_x = 1;
  product.filters = g.kernel_height * line;
  product.out_pixel = round_up(product.filters, WIDTH);
  product.out_image = product.out_row = product.out_width * product.out_pixel;
  product.panels = packed;
  const DirectPlan plan(product);
  Scratch scratch;
  const i64 patches = round_up(product.out_image, 16);
  f32 *all = scratch.floats((size + patches) * thread_count());
  const i64 macs = maximum<i64>(1, g.out_height * g.out_width * g.filters * product.filters);
  parallel_ranges(g.batch, ceil_div(DirectPlan::TASK, macs), [&](i64 begin, i64 end, int thread) {
    f32 *padded = all + thread * (size + patches);
    Pass p = product;
    p.y = padded + size;
    for (i64 b = begin; b < end; b++) {
      __builtin_memset(padded, 0, height * row * 4);
      for (i64 i = 0; i < g.out_height; i++) {
        p.x = dy + (b * g.out_height + i) * g.out_width * g.filters;
        for (i64 piece = 0; piece < plan.pieces; piece++) convolve_piece(p, plan, piece_of(p, plan, piece, nullptr), {0, plan.panels});
        for (i64 u = 0; u < g.kernel_height; u++) {
          f32 *to = padded + (i * g.stride_y + u * g.dilation_y) * row;
          const f32 *from = p.y + u * line;
          for (i64 j = 0; j < g.out_width; j++) add_to_line(to + j * g.stride_x * g.channels, from + j * p.out_pixel, line);
        }
      }
      for (i64 i = 0; i < g.height; i++)
        __builtin_memcpy(dx + (b * g.height + i) * g.width * g.channels, padded + (i + g.top) * row + g.left * g.channels,
                         g.width * g.channels * 4);
    }
  });
}

} // namespace SINAPSE_ISA
