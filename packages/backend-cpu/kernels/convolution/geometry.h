// The geometry of a convolution, and what one pass of it reads and writes. Images are [batch, height, width, channels], filters [height, width,
// channels / groups, filters].
#pragma once
#include "base/arguments.h"
#include "gemm/block.h"

namespace SINAPSE_ISA {

/** The sizes of a convolution, read in the order in which src/kernels/convolution.ts writes them. */
struct Geometry {
  i64 batch, height, width, channels;
  i64 kernel_height, kernel_width;
  i64 out_height, out_width, filters;
  i64 stride_y, stride_x, top, left, dilation_y, dilation_x, groups;

  explicit Geometry(Arguments &arguments) {
    i64 *const all[] = {&batch,     &height,   &width,    &channels, &kernel_height, &kernel_width, &out_height, &out_width,
                        &filters,   &stride_y, &stride_x, &top,      &left,          &dilation_y,   &dilation_x, &groups};
    for (i64 *field : all) *field = arguments.integer();
  }

  i64 group_channels() const { return channels / groups; }
  i64 group_filters() const { return filters / groups; }
  i64 taps() const { return kernel_height * kernel_width; }
  /** Every channel has one filter of its own. */
  bool depthwise() const { return groups > 1 && groups == channels && groups == filters; }
};

/**
 * One pass: y(b, i, j, f) = Σ x(b, origin_y + i stride_y + u dilation_y, origin_x + j stride_x + v dilation_x, c) F(u, v, c, f) over u, v, c,
 * with zeros around x; then the epilogue. A forward convolution is one pass; the gradient of its input takes stride_y stride_x passes.
 */
struct Pass {
  const f32 *x;
  i64 batch, height, width;
  /** Elements from pixel to pixel: the channels of all groups. */
  i64 pixel;
  i64 groups, channels; // of one group
  i64 kernel_height, kernel_width;
  i64 stride_y, stride_x, origin_y, origin_x, dilation_y, dilation_x;

  f32 *y;
  i64 out_height, out_width;
  /** Elements of y between its images, rows and pixels. */
  i64 out_image, out_row, out_pixel;
  i64 filters; // of one group

  /** F as panels.h packs it, group after group, or as depthwise_filter.h does. */
  const f32 *panels;
  /** A residual requires a dense y. */
  Epilogue epilogue;

  i64 depth() const { return kernel_height * kernel_width * channels; }
  bool depthwise() const { return groups > 1 && channels == 1 && filters == 1; }
  bool dense() const {
    return out_pixel == groups * filters && out_row == out_width * out_pixel && out_image == out_height * out_row;
  }
};

} // namespace SINAPSE_ISA
