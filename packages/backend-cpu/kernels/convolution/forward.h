// conv2d, with bias, residual and activation applied before the result is stored.
#pragma once
#include "convolution/border.h"
#include "convolution/depthwise_3x3.h"
#include "convolution/depthwise_filter.h"
#include "convolution/direct.h"
#include "convolution/planar.h"
#include "convolution/winograd.h"

namespace SINAPSE_ISA {

inline Pass forward_pass(const Geometry &g) {
  Pass p{};
  p.batch = g.batch;
  p.height = g.height;
  p.width = g.width;
  p.pixel = g.channels;
  p.groups = g.groups;
  p.channels = g.group_channels();
  p.kernel_height = g.kernel_height;
  p.kernel_width = g.kernel_width;
  p.stride_y = g.stride_y;
  p.stride_x = g.stride_x;
  p.origin_y = -g.top;
  p.origin_x = -g.left;
  p.dilation_y = g.dilation_y;
  p.dilation_x = g.dilation_x;
  p.out_height = g.out_height;
  p.out_width = g.out_width;
  p.out_pixel = g.filters;
  p.out_row = g.out_width * p.out_pixel;
  p.out_image = g.out_height * p.out_row;
  p.filters = g.group_filters();
  return p;
}

// The argument `tile` is chosen by src/kernels/winograd.ts: 2 or 4 results along each axis of a tile of Winograd's algorithm, or 0 for a direct
// convolution.

/** One pass by a direct sum. */
inline void convolve_exactly(const Pass &pass, Outside outside) {
  if (pass.depthwise()) return convolve_depthwise(pass, outside);
  if (is_planar(pass)) convolve_planar(pass, outside);
  else convolve_directly(pass);
  if (outside == Outside::NOTHING) mend_border(pass);
}

/** One pass by Winograd's algorithm, if the filter is even; else by a direct sum. */
template <int OUT> inline void convolve_by_tiles(const Pass &pass, Outside outside, const Original &filter) {
  if (is_even<OUT>(pass.panels, pass.channels, pass.filters)) return convolve_winograd<OUT>(pass, filter);
  Scratch scratch;
  f32 *panels = scratch.floats(panels_size(pass.depth(), pass.filters));
  filter.pack(panels);
  Pass direct = pass;
  direct.panels = panels;
  convolve_exactly(direct, outside);
}

/** One pass by the chosen algorithm. */
inline void convolve(const Pass &pass, int tile, Outside outside, const Original &filter) {
  switch (tile) {
  case 2: return convolve_by_tiles<2>(pass, outside, filter);
  case 4: return convolve_by_tiles<4>(pass, outside, filter);
  default: return convolve_exactly(pass, outside);
  }
}

// geometry, filter, room for the packed filter, tile
inline void conv2d_pack(const f64 *from) {
  Arguments arguments(from);
  const Geometry g(arguments);
  const f32 *filter = arguments.pointer<const f32>();
  f32 *packed = arguments.pointer<f32>();
  switch (arguments.small()) {
  case 2: return pack_winograd<2>(filter, g, packed);
  case 4: return pack_winograd<4>(filter, g, packed);
  default: return g.depthwise() ? pack_depthwise(filter, g, packed) : pack_filter(filter, g, packed);
  }
}

// geometry, x, packed filter, tile, bias or null, residual or null, y, activation, alpha, filter
inline void conv2d(const f64 *from) {
  Arguments arguments(from);
  const Geometry g(arguments);
  Pass pass = forward_pass(g);
  pass.x = arguments.pointer<const f32>();
  pass.panels = arguments.pointer<const f32>();
  const int tile = arguments.small();
  pass.epilogue.bias = arguments.pointer<const f32>();
  pass.epilogue.residual = arguments.pointer<const f32>();
  pass.epilogue.residual_stride = g.filters;
  pass.y = arguments.pointer<f32>();
  pass.epilogue.activation = static_cast<Activation>(arguments.small());
  pass.epilogue.alpha = arguments.scalar();
  convolve(pass, tile, Outside::ZEROS, {g, arguments.pointer<const f32>(), false});
}

} // namespace SINAPSE_ISA
