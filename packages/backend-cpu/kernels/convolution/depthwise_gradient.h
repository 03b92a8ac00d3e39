// conv2dFilterGrad of a depthwise convolution: dF(u, v, c) = Σ x(pixel under tap u, v; c) dy(pixel, c) over all output pixels, in vectors of
// channels. The sums of several taps stay in registers during a stretch of a row. Slices of rows are summed separately and then added in order.
#pragma once
#include "convolution/depthwise.h"
#include "convolution/depthwise_3x3_gradient.h"

namespace SINAPSE_ISA {

/** A stretch of output pixels in one row. */
struct DepthwiseStretch {
  const f32 *dy;
  /** The same stretch of the next row. */
  const f32 *dy_ahead;
  i64 column, pixels;
  DepthwiseAhead ahead;
};

/** Adds the products of a stretch to the sums of TAPS taps; x holds, for each tap, the pixel under it at the stretch's first pixel. */
template <int TAPS>
__attribute__((noinline)) void add_taps(const Pass &p, const DepthwisePlan &plan, const DepthwiseStretch &stretch, const f32 *const *x, f32 *sums) {
  const isize x_pixel = static_cast<isize>(p.stride_x * p.pixel), dy_pixel = plan.channels, pixels = static_cast<isize>(stretch.pixels);
  for (isize c = 0; c < plan.channels; c += WIDTH) {
    const isize count = minimum<isize>(WIDTH, plan.channels - c);
    vf sum[TAPS][1];
    clear(sum);
    const f32 *at[TAPS];
    SINAPSE_UNROLL for (int t = 0; t < TAPS; t++) at[t] = x[t] + c;
    const auto add = [&](auto read) __attribute__((always_inline)) {
      const f32 *dy = stretch.dy + c;
      isize from = 0;
      SINAPSE_ROLLED for (isize j = 0; j < pixels; j++, dy += dy_pixel, from += x_pixel) {
        const vf gradient = read(dy);
        SINAPSE_UNROLL for (int t = 0; t < TAPS; t++) sum[t][0] = fma(read(at[t] + from), gradient, sum[t][0]);
      }
    };
    if (count == WIDTH) add([](const f32 *from) __attribute__((always_inline)) { return load(from); });
    else add([count](const f32 *from) __attribute__((always_inline)) { return load_part(from, count); });
    if (stretch.ahead.rows > 0 && c % DEPTHWISE_LINE == 0)
      for (isize j = 0; j < pixels; j++) __builtin_prefetch(stretch.dy_ahead + j * dy_pixel + c, 0, 2);
    stretch.ahead.fetch(static_cast<isize>(stretch.column), pixels * static_cast<isize>(p.stride_x), c);
    SINAPSE_UNROLL for (int t = 0; t < TAPS; t++) {
      f32 *to = sums + t * plan.tap_stride + c;
      store(to, load(to) + sum[t][0]);
    }
  }
}

/** Handles all taps of the filter, nine at a time: more would need too many registers. */
template <int TAPS = 9>
inline void add_all_taps(const Pass &p, const DepthwisePlan &plan, DepthwiseStretch stretch, const f32 *const *x, i64 taps, f32 *sums) {
  for (; taps >= TAPS; taps -= TAPS, x += TAPS, sums += TAPS * plan.tap_stride) {
    add_taps<TAPS>(p, plan, stretch, x, sums);
    stretch.ahead.rows = 0;
  }
  if constexpr (TAPS > 1) add_all_taps<TAPS / 3>(p, plan, stretch, x, taps, sums);
}

struct DepthwiseGradientPlan : DepthwisePlan {
  /** The most elements of separate sums. */
  static constexpr i64 SUMS = 1 << 23;
  static constexpr i64 SLICES = 32;
  /** Elements of dy in a stretch: they fit in a near cache together with the rows of x under them. */
  static constexpr i64 STRETCH = 1 << 11;

  i64 taps, size, stretch;
  Cut slices;

  explicit DepthwiseGradientPlan(const Pass &p) : DepthwisePlan(p) {
    taps = p.kernel_height * p.kernel_width;
    size = taps * tap_stride;
    stretch = maximum<i64>(8, STRETCH / channels);
    const i64 worthwhile = minimum(rows * row_macs / TASK, SUMS / size);
    slices = {rows, maximum<i64>(1, minimum(minimum(rows, SLICES), worthwhile))};
  }
};

/** Adds one output row. `zeros` has as many elements as a stretch reads; x has room for every tap. */
__attribute__((noinline)) inline void add_row(const Pass &p, const DepthwiseGradientPlan &plan, i64 index, const f32 *dy, const f32 *zeros, const f32 **x, f32 *sums) {
  const f32 *image = p.x + index / p.out_height * p.height * p.width * p.pixel;
  const i64 top = p.origin_y + index % p.out_height * p.stride_y;
  const DepthwiseAhead ahead(p, index / p.out_height, top + (p.kernel_height - 1) * p.dilation_y + 1);
  for (i64 j = 0, pixels; j < p.out_width; j += pixels) {
    const bool inner = j >= plan.inner.begin && j < plan.inner.end;
    pixels = inner ? minimum(plan.stretch, plan.inner.end - j) : 1;
    const f32 **at = x;
    for (i64 u = 0, y = top; u < p.kernel_height; u++, y += p.dilation_y) {
      i64 column = p.origin_x + j * p.stride_x;
      for (i64 v = 0; v < p.kernel_width; v++, column += p.dilation_x) {
        const bool inside = y >= 0 && y < p.height && column >= 0 && column < p.width;
        *at++ = inside ? image + (y * p.width + column) * p.pixel : zeros;
      }
    }
    const f32 *dy_stretch = dy + (index * p.out_width + j) * plan.channels;
    add_all_taps(p, plan, {dy_stretch, dy_stretch + p.out_width * plan.channels, p.origin_x + j * p.stride_x, pixels, ahead}, x, plan.taps, sums);
  }
}

inline void depthwise_filter_gradient(const Pass &p, const f32 *dy, f32 *dfilter) {
  const DepthwiseGradientPlan plan(p);
  Scratch scratch;
  const i64 reach = (minimum(plan.stretch, maximum<i64>(1, p.out_width)) - 1) * p.stride_x * p.pixel + plan.tap_stride;
  f32 *zeros = scratch.floats(reach);
  __builtin_memset(zeros, 0, reach * 4);
  const f32 **pointers = scratch.take<const f32 *>(plan.taps * thread_count());
  const KeptLayout layout(p);
  // Kept rows sum a whole row in registers, so it may have no more terms than the longest stretch.
  KeptRows *kept = keeps_rows(p) && p.out_width <= DepthwiseGradientPlan::STRETCH / 2 ? keep_rows(layout, scratch) : nullptr;
  f32 *sums = scratch.floats(plan.slices.count * plan.size);
  parallel(plan.slices.count, [&](i64 slice, int thread) {
    f32 *own = sums + slice * plan.size;
    __builtin_memset(own, 0, plan.size * 4);
    KeptRow rows[3];
    for (i64 i = plan.slices.start(slice); i < plan.slices.start(slice + 1); i++) {
      if (kept == nullptr) {
        add_row(p, plan, i, dy, zeros, pointers + thread * plan.taps, own);
        continue;
      }
      kept[thread].see(p, layout, i / p.out_height, p.origin_y + i % p.out_height * p.stride_y, rows);
      const i64 row = p.out_width * plan.channels;
      add_row_3x3(p, rows, dy + i * row, i + 1 < plan.rows ? dy + (i + 1) * row : nullptr, own, plan.tap_stride);
    }
  });
  parallel_ranges(plan.taps, ceil_div(1 << 16, plan.tap_stride * plan.slices.count), [&](i64 begin, i64 end, int) {
    for (i64 tap = begin; tap < end; tap++)
      for (isize c = 0; c < plan.channels; c += WIDTH) {
        const f32 *from = sums + tap * plan.tap_stride + c;
        vf total = load(from);
        for (i64 slice = 1; slice < plan.slices.count; slice++) total += load(from + slice * plan.size);
        store_some(dfilter + tap * plan.channels + c, total, minimum<isize>(WIDTH, plan.channels - c));
      }
  });
}

} // namespace SINAPSE_ISA
