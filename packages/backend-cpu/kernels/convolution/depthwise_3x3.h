// Depthwise 3x3 convolutions with stride 1 or 2. A vector of channels moves along an output row with its nine weights in registers. Every column of
// the image is loaded once and added to all pixels that it contributes to: as their last, middle and first column.
#pragma once
#include "convolution/depthwise.h"
#include "convolution/depthwise_rows.h"

namespace SINAPSE_ISA {

/**
 * Rows of a task. A task copies up to two rows that the task before it copied too, so where there are many rows a task takes up to four times as
 * many.
 */
inline i64 kept_rows_of_task(i64 rows, i64 row_macs) {
  const i64 grain = ceil_div(DepthwisePlan::TASK, row_macs);
  return maximum(grain, minimum(4 * grain, rows / 32));
}

/** Adds the products of a column of the image and a column of the filter. */
__attribute__((always_inline)) inline vf add_column(const vf (&x)[3], const vf (&weights)[3], vf sum) {
  SINAPSE_UNROLL for (int u = 0; u < 3; u++) sum = fma(x[u], weights[u], sum);
  return sum;
}

/** Computes the pixels of an output row for one vector of channels. PLAIN: a whole vector without epilogue. */
template <int STRIDE, bool PLAIN>
__attribute__((noinline)) void depthwise_3x3_vector(const f32 *const (&rows)[3], const f32 *filter, isize tap_stride, isize pixels, TileResult to) {
  KeptColumns<3> columns(rows);
  vf left[3], middle[3], right[3], x[3];
  SINAPSE_UNROLL for (int u = 0; u < 3; u++, filter += 3 * tap_stride) {
    left[u] = load(filter);
    middle[u] = load(filter + tap_stride);
    right[u] = load(filter + 2 * tap_stride);
  }
  columns.next(x);
  vf sum = add_column(x, left, vf{}), following{};
  if constexpr (STRIDE == 1) {
    columns.next(x);
    sum = add_column(x, middle, sum);
    following = add_column(x, left, vf{});
  }
  SINAPSE_ROLLED for (isize j = 0; j < pixels; j++, to.c += to.ldc, to.row++) { // unrolled, it runs out of registers in WebAssembly
    if constexpr (STRIDE == 2) {
      columns.next(x);
      sum = add_column(x, middle, sum);
    }
    columns.next(x);
    vf result[1][1] = {{add_column(x, right, sum)}};
    if constexpr (PLAIN) store(to.c, result[0][0]);
    else finish(result, to);
    if constexpr (STRIDE == 1) {
      sum = add_column(x, middle, following);
      following = add_column(x, left, vf{});
    } else {
      sum = add_column(x, left, vf{});
    }
  }
}

template <int STRIDE>
inline void depthwise_3x3_row(const Pass &p, const DepthwisePlan &plan, const KeptRow (&rows)[3], TileResult to) {
  const bool plain = p.epilogue.none();
  const isize pixels = static_cast<isize>(p.out_width);
  for (isize c = 0; c < plan.channels; c += WIDTH, to.c += WIDTH) {
    const f32 *const x[3] = {rows[0].channel(c), rows[1].channel(c), rows[2].channel(c)};
    to.column = c;
    to.columns = minimum<isize>(WIDTH, plan.channels - c);
    if (plain && to.columns == WIDTH) depthwise_3x3_vector<STRIDE, true>(x, p.panels + c, plan.tap_stride, pixels, to);
    else depthwise_3x3_vector<STRIDE, false>(x, p.panels + c, plan.tap_stride, pixels, to);
  }
}

/** A pass for which `keeps_rows` holds, with the filter from pack_depthwise. */
inline void convolve_depthwise_3x3(const Pass &p) {
  const DepthwisePlan plan(p);
  const KeptLayout layout(p);
  Scratch scratch;
  KeptRows *kept = keep_rows(layout, scratch);
  parallel_ranges(plan.rows, kept_rows_of_task(plan.rows, plan.row_macs), [&](i64 begin, i64 end, int thread) {
    KeptRow rows[3];
    for (i64 index = begin; index < end; index++) {
      const i64 image = index / p.out_height, i = index % p.out_height;
      kept[thread].see(p, layout, image, p.origin_y + i * p.stride_y, rows);
      const TileResult to{p.y + image * p.out_image + i * p.out_row, static_cast<isize>(p.out_pixel), 0, false, &p.epilogue,
                          static_cast<isize>(index * p.out_width), 0};
      if (p.stride_x == 1) depthwise_3x3_row<1>(p, plan, rows, to);
      else depthwise_3x3_row<2>(p, plan, rows, to);
    }
  });
}

/** Whether all values of a packed filter are finite, so that their products with zero are zero. */
inline bool is_finite(const f32 *packed, i64 size) {
  vf sum{};
  for (i64 i = 0; i < size; i += WIDTH) sum = fma(load(packed + i), vf{}, sum);
  return !any(sum != sum);
}

/** A depthwise pass, with the filter from pack_depthwise. */
inline void convolve_depthwise(const Pass &p, Outside outside) {
  if (keeps_rows(p) && (outside == Outside::ZEROS || is_finite(p.panels, 9 * round_up(p.groups, WIDTH)))) convolve_depthwise_3x3(p);
  else convolve_depthwise_generally(p, outside);
}

} // namespace SINAPSE_ISA
