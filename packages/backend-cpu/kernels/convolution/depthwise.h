// Depthwise convolution of any kind (most are 3x3: depthwise_3x3.h): every channel has its own filter. Neighbouring channels fill a vector; nothing
// is summed across lanes. Each element takes part in few multiplications, so memory sets the pace. Neighbouring pixels of a row are therefore
// computed together, one vector of channels after another, while the rows that the next output row shares are still in a near cache.
#pragma once
#include "base/host.h"
#include "base/row.h"
#include "convolution/border.h"
#include "gemm/tile.h"

namespace SINAPSE_ISA {

/** What taps outside the image add: their products with zero, which are NaN where the filter is not finite, or nothing. */
enum class Outside { ZEROS, NOTHING };

/** How a depthwise pass is cut; its shape alone decides. */
struct DepthwisePlan {
  /** Multiplications of a task: some 20 µs where memory sets the pace. */
  static constexpr i64 TASK = 1 << 19;

  isize channels;
  /** Elements of the packed filter from tap to tap. */
  isize tap_stride;
  /** Output columns whose taps all lie between the left and right border. */
  Range inner;
  i64 rows, row_macs;

  explicit DepthwisePlan(const Pass &p) {
    channels = static_cast<isize>(p.groups);
    tap_stride = static_cast<isize>(round_up(p.groups, WIDTH));
    inner = inside(p.out_width, p.origin_x, p.stride_x, (p.kernel_width - 1) * p.dilation_x, p.width);
    rows = p.batch * p.out_height;
    row_macs = maximum<i64>(1, p.out_width * p.kernel_height * p.kernel_width * p.groups);
  }
};

/** A row of the image, or zeros that all its pixels share (`pixel` is 0). */
struct DepthwiseLine {
  const f32 *x;
  isize pixel;
};

/** Elements of a cache line. */
constexpr isize DEPTHWISE_LINE = 16;

/**
 * Rows of the image that the next output row is the first to read. They are fetched while this one is computed, because processors cannot predict so
 * many short stretches.
 */
struct DepthwiseAhead {
  const f32 *x = nullptr;
  isize rows = 0, row, pixel;

  /** Rows from `first` on. */
  DepthwiseAhead(const Pass &p, i64 image, i64 first) : row(static_cast<isize>(p.width * p.pixel)), pixel(static_cast<isize>(p.pixel)) {
    if (first < 0 || first >= p.height) return;
    x = p.x + (image * p.height + first) * p.width * p.pixel;
    rows = static_cast<isize>(minimum(p.stride_y, p.height - first));
  }

  /** Fetches the vectors at channel c of some pixels; in WebAssembly all their channels when c is 0. */
  __attribute__((always_inline)) void fetch(isize column, isize pixels, isize c) const {
#if defined(__wasm__)
    // WebAssembly has no prefetch, so this reads an element of each line of the pixels in order, which processors can predict.
    if (c != 0) return;
    for (isize i = 0; i < rows; i++) {
      const volatile f32 *from = x + i * row;
      for (isize at = maximum<isize>(0, column) * pixel; at < minimum((column + pixels) * pixel, row); at += DEPTHWISE_LINE) (void)from[at];
    }
#else
    if (c % DEPTHWISE_LINE != 0) return;
    for (isize i = 0; i < rows; i++) {
      const f32 *from = x + i * row + column * pixel + c;
      for (isize j = 0; j < pixels; j++, from += pixel) __builtin_prefetch(from, 0, 2);
    }
#endif
  }
};

/** An output row. */
struct DepthwiseRow {
  /** The image rows under the rows of taps, and the first tap of the filter there. */
  const DepthwiseLine *lines;
  isize height;
  const f32 *filter;
  const f32 *zeros;
  Outside outside;
  DepthwiseAhead ahead;
  /** Where its first pixel goes. */
  TileResult result;

  TileResult at(i64 pixel, isize channel, isize columns) const {
    TileResult to = result;
    to.c += static_cast<isize>(pixel) * result.ldc + channel;
    to.row += static_cast<isize>(pixel);
    to.column = channel;
    to.columns = columns;
    return to;
  }
};

/**
 * Neighbouring pixels whose taps all lie inside the image's columns. Without PART: all whole vectors of channels; with it, the part of a vector after
 * them.
 */
template <int PIXELS, bool PART> __attribute__((noinline)) void depthwise_pixels(const Pass &p, const DepthwisePlan &plan, const DepthwiseRow &row, i64 first) {
  const isize stride = static_cast<isize>(p.stride_x), across = static_cast<isize>(p.dilation_x), width = static_cast<isize>(p.kernel_width);
  const isize column = static_cast<isize>(p.origin_x + first * p.stride_x), tap_stride = plan.tap_stride;
  const isize whole = plan.channels / WIDTH * WIDTH, rest = plan.channels - whole, end = PART ? plan.channels : whole;
  const auto read = [rest](const f32 *from) __attribute__((always_inline)) { return PART ? load_part(from, rest) : load(from); };
  for (isize c = PART ? whole : 0; c < end; c += WIDTH) {
    vf sum[PIXELS][1];
    clear(sum);
    const f32 *filter = row.filter + c;
    for (isize u = 0; u < row.height; u++) {
      const isize pixel = row.lines[u].pixel;
      const f32 *x = row.lines[u].x + column * pixel + c;
      for (isize v = 0; v < width; v++, x += across * pixel, filter += tap_stride) {
        const vf weight = load(filter);
        SINAPSE_UNROLL for (int j = 0; j < PIXELS; j++) sum[j][0] = fma(read(x + j * stride * pixel), weight, sum[j][0]);
      }
    }
    row.ahead.fetch(column, PIXELS * stride, c);
    finish(sum, row.at(first, c, PART ? rest : WIDTH));
  }
}

template <int PIXELS = 8> inline void depthwise_range(const Pass &p, const DepthwisePlan &plan, const DepthwiseRow &row, Range pixels) {
  for (; pixels.end - pixels.begin >= PIXELS; pixels.begin += PIXELS) depthwise_pixels<PIXELS, false>(p, plan, row, pixels.begin);
  if constexpr (PIXELS > 1) depthwise_range<PIXELS / 2>(p, plan, row, pixels);
}

/** One pixel anywhere, its channels from `c` on. */
__attribute__((noinline)) inline void depthwise_pixel(const Pass &p, const DepthwisePlan &plan, const DepthwiseRow &row, i64 at, isize c) {
  const isize width = static_cast<isize>(p.kernel_width);
  for (; c < plan.channels; c += WIDTH) {
    const isize count = minimum<isize>(WIDTH, plan.channels - c);
    vf sum[1][1];
    clear(sum);
    const f32 *filter = row.filter + c;
    for (isize u = 0; u < row.height; u++) {
      i64 column = p.origin_x + at * p.stride_x;
      for (isize v = 0; v < width; v++, column += p.dilation_x, filter += plan.tap_stride) {
        const bool inside = column >= 0 && column < p.width;
        if (!inside && row.outside == Outside::NOTHING) continue;
        const f32 *x = inside ? row.lines[u].x + static_cast<isize>(column) * row.lines[u].pixel : row.zeros;
        sum[0][0] = fma(load_some(x + c, count), load(filter), sum[0][0]);
      }
    }
    finish(sum, row.at(at, c, count));
  }
}

__attribute__((noinline)) inline void depthwise_row(const Pass &p, const DepthwisePlan &plan, const DepthwiseRow &row) {
  for (i64 j = 0; j < plan.inner.begin; j++) depthwise_pixel(p, plan, row, j, 0);
  depthwise_range(p, plan, row, plan.inner);
  const isize whole = plan.channels / WIDTH * WIDTH;
  for (i64 j = plan.inner.begin; whole < plan.channels && j < plan.inner.end;) {
    if (j + 8 <= plan.inner.end) {
      depthwise_pixels<8, true>(p, plan, row, j);
      j += 8;
    } else {
      depthwise_pixel(p, plan, row, j++, whole);
    }
  }
  for (i64 j = plan.inner.end; j < p.out_width; j++) depthwise_pixel(p, plan, row, j, 0);
}

/** A depthwise pass of any kind. */
inline void convolve_depthwise_generally(const Pass &p, Outside outside) {
  const DepthwisePlan plan(p);
  Scratch scratch;
  f32 *zeros = scratch.floats(plan.tap_stride);
  __builtin_memset(zeros, 0, plan.tap_stride * 4);
  DepthwiseLine *lines = scratch.take<DepthwiseLine>(p.kernel_height * thread_count());
  parallel_ranges(plan.rows, ceil_div(DepthwisePlan::TASK, plan.row_macs), [&](i64 begin, i64 end, int thread) {
    DepthwiseLine *own = lines + thread * p.kernel_height;
    for (i64 index = begin; index < end; index++) {
      const i64 image = index / p.out_height, i = index % p.out_height;
      const DepthwiseAhead ahead(p, image, p.origin_y + i * p.stride_y + (p.kernel_height - 1) * p.dilation_y + 1);
      DepthwiseRow row{own, 0, p.panels, zeros, outside, ahead, {}};
      for (i64 u = 0, y = p.origin_y + i * p.stride_y; u < p.kernel_height; u++, y += p.dilation_y) {
        const bool inside = y >= 0 && y < p.height;
        if (inside) own[row.height++] = {p.x + (image * p.height + y) * p.width * p.pixel, static_cast<isize>(p.pixel)};
        else if (outside == Outside::ZEROS) own[row.height++] = {zeros, 0};
        else if (row.height == 0) row.filter += p.kernel_width * plan.tap_stride;
      }
      row.result = {p.y + image * p.out_image + i * p.out_row, static_cast<isize>(p.out_pixel), 0, false, &p.epilogue,
                    static_cast<isize>(index * p.out_width), 0};
      depthwise_row(p, plan, row);
    }
  });
}

} // namespace SINAPSE_ISA
