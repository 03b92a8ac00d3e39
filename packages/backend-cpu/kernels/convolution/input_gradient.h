// conv2dInputGrad. With stride 1 the gradient is the convolution of dy with the filter turned by 180 degrees and its channels and filters exchanged.
// With a larger stride, pixels of dx that lie a stride apart are under the same taps. Each such phase is a convolution with stride 1 (the sub-pixel
// view of a transposed convolution; Shi et al. 2016).
#pragma once
#include "convolution/depthwise_3x3_strided.h"
#include "convolution/forward.h"
#include "convolution/scattered.h"

namespace SINAPSE_ISA {

/** One axis of a phase: pixels first, first + stride, … of dx, and the taps that reach them. */
struct Phase {
  Taps taps;
  i64 first, count;
  /** Of the pass over dy: its origin and dilation. */
  i64 origin, dilation;
};

/**
 * Tap u reaches pixel i = first + m stride from pixel (i + padding - u dilation) / stride of dy, where that is an integer. Phase r has the pixels
 * with (i + padding) mod stride = r.
 */
inline Phase phase_of(i64 r, i64 length, i64 kernel, i64 stride, i64 padding, i64 dilation) {
  i64 divisor = stride;
  for (i64 rest = dilation % stride; rest != 0;) {
    const i64 next = divisor % rest;
    divisor = rest;
    rest = next;
  }
  Phase phase;
  phase.first = ((r - padding) % stride + stride) % stride;
  phase.count = length <= phase.first ? 0 : ceil_div(length - phase.first, stride);
  phase.taps.step = stride / divisor;
  phase.dilation = dilation / divisor;
  i64 tap = 0;
  while (tap < minimum(phase.taps.step, kernel) && tap * dilation % stride != r) tap++;
  phase.taps.count = tap < minimum(phase.taps.step, kernel) ? ceil_div(kernel - tap, phase.taps.step) : 0;
  phase.taps.last = tap + (phase.taps.count - 1) * phase.taps.step;
  phase.origin = phase.taps.count == 0 ? 0 : (phase.first + padding - phase.taps.last * dilation) / stride;
  return phase;
}

/** Calls body(phase down, phase across, offset of its packed filter) for all phases. The taps and that offset follow from the filter alone. */
template <class Body> inline void each_phase(const Geometry &g, const Body &body) {
  i64 at = 0;
  for (i64 r = 0; r < g.stride_y; r++)
    for (i64 s = 0; s < g.stride_x; s++) {
      const Phase y = phase_of(r, g.height, g.kernel_height, g.stride_y, g.top, g.dilation_y);
      const Phase x = phase_of(s, g.width, g.kernel_width, g.stride_x, g.left, g.dilation_x);
      body(y, x, at);
      const i64 taps = y.taps.count * x.taps.count;
      at += g.depthwise() ? depthwise_size(g, taps) : g.groups * panels_size(taps * g.group_filters(), g.group_channels());
    }
}

// geometry, filter, room for the packed filter, tile
inline void conv2d_input_pack(const f64 *from) {
  Arguments arguments(from);
  const Geometry g(arguments);
  const f32 *filter = arguments.pointer<const f32>();
  f32 *packed = arguments.pointer<f32>();
  switch (arguments.small()) {
  case 2: return pack_winograd_transposed<2>(filter, g, packed);
  case 4: return pack_winograd_transposed<4>(filter, g, packed);
  }
  // The packed filter is used again for other images, so it must not depend on this one.
  if (may_scatter(g)) pack_scattered(filter, g, packed);
  packed += scattered_size(g);
  each_phase(g, [&](const Phase &y, const Phase &x, i64 at) {
    if (g.depthwise()) pack_depthwise(filter, g, y.taps, x.taps, packed + at);
    else pack_filter_transposed(filter, g, y.taps, x.taps, packed + at);
  });
}

/** Clears the pixels of a phase that no tap reaches. */
inline void clear_phase(const Pass &p) {
  const i64 channels = p.groups * p.filters;
  parallel_ranges(p.batch * p.out_height, ceil_div(1 << 16, maximum<i64>(1, p.out_width * channels)), [&](i64 begin, i64 end, int) {
    for (i64 row = begin; row < end; row++)
      for (i64 j = 0; j < p.out_width; j++)
        __builtin_memset(p.y + row / p.out_height * p.out_image + row % p.out_height * p.out_row + j * p.out_pixel, 0, channels * 4);
  });
}

// geometry, dy, packed filter, tile, dx, filter
inline void conv2d_input_gradient(const f64 *from) {
  Arguments arguments(from);
  const Geometry g(arguments);
  Pass pass{};
  const f32 *dy = arguments.pointer<const f32>();
  pass.x = dy;
  const f32 *packed = arguments.pointer<const f32>();
  const int tile = arguments.small();
  f32 *dx = arguments.pointer<f32>();
  const Original filter{g, arguments.pointer<const f32>(), true};
  if (tile == 0 && is_scattered(g)) return scatter_input_gradient(g, dy, packed, dx);
  if (tile == 0) packed += scattered_size(g);
  if (is_strided_3x3(g)) return strided_3x3_input_gradient(g, dy, packed, dx);
  pass.batch = g.batch;
  pass.height = g.out_height;
  pass.width = g.out_width;
  pass.pixel = g.filters;
  pass.groups = g.groups;
  pass.channels = g.group_filters();
  pass.filters = g.group_channels();
  pass.stride_y = pass.stride_x = 1;
  pass.out_pixel = g.stride_x * g.channels;
  pass.out_row = g.stride_y * g.width * g.channels;
  pass.out_image = g.height * g.width * g.channels;
  each_phase(g, [&](const Phase &y, const Phase &x, i64 at) {
    if (y.count == 0 || x.count == 0) return;
    pass.y = dx + (y.first * g.width + x.first) * g.channels;
    pass.out_height = y.count;
    pass.out_width = x.count;
    pass.kernel_height = y.taps.count;
    pass.kernel_width = x.taps.count;
    pass.origin_y = y.origin;
    pass.origin_x = x.origin;
    pass.dilation_y = y.dilation;
    pass.dilation_x = x.dilation;
    pass.panels = packed + at;
    if (pass.kernel_height * pass.kernel_width == 0) clear_phase(pass);
    else convolve(pass, tile, Outside::NOTHING, filter);
  });
}

} // namespace SINAPSE_ISA
