// The input gradient of a depthwise 3x3 convolution with stride 2, row by row of dx. A row of dx depends on one row of dy through the middle row of
// the filter, or on two through its first and last. A vector of channels moves along it with these weights in registers. Every pixel of dy is loaded
// once and added to the three pixels of dx that it read.
#pragma once
#include "convolution/depthwise_3x3.h"

namespace SINAPSE_ISA {

inline bool is_strided_3x3(const Geometry &g) {
  return g.depthwise() && g.kernel_height == 3 && g.kernel_width == 3 && g.stride_y == 2 && g.stride_x == 2 && g.dilation_y == 1 && g.dilation_x == 1 &&
         g.out_width > 0 && g.out_width * round_up(g.channels, KeptLayout::CHANNELS) <= KeptLayout::LARGEST;
}

/**
 * The index at which each_phase of input_gradient.h packs each of the nine taps. The phases are even rows and columns, odd columns, odd rows, both
 * odd; within a phase the last tap comes first.
 */
constexpr isize STRIDED_TAPS[3][3] = {{3, 5, 2}, {7, 8, 6}, {1, 4, 0}};

/** The pixels of a row of dx. Pixel q of dy read three of them, from pixel 2 q - left on. */
struct StridedRow {
  i64 left, pixels, dy_pixels;
  /** Elements from pixel to pixel of dx. */
  isize channels;

  /** Pixels of dy that read two pixels inside dx with their first two taps. */
  Range inner() const {
    const i64 begin = minimum(maximum<i64>(ceil_div(left, 2), 0), dy_pixels), inside = pixels + left;
    return {begin, maximum(begin, minimum(inside < 2 ? 0 : inside / 2, dy_pixels))};
  }
};

/** Computes `count` channels of a row of dx that depends on ROWS rows of dy. */
template <int ROWS, bool PART>
__attribute__((noinline)) void strided_3x3_vector(const StridedRow &row, const f32 *const (&dy)[2], const f32 *const (&weights)[2][3], isize c, isize count, f32 *dx) {
  vf left[ROWS], middle[ROWS], right[ROWS], x[ROWS];
  SINAPSE_UNROLL for (int r = 0; r < ROWS; r++) {
    left[r] = load(weights[r][0] + c);
    middle[r] = load(weights[r][1] + c);
    right[r] = load(weights[r][2] + c);
  }
  const auto sum = [&](const vf (&under)[ROWS], vf sum) __attribute__((always_inline)) {
    SINAPSE_UNROLL for (int r = 0; r < ROWS; r++) sum = fma(x[r], under[r], sum);
    return sum;
  };
  const auto put = [&](f32 *to, vf value) __attribute__((always_inline)) { store_some(to, value, PART ? count : WIDTH); };
  const auto put_inside = [&](i64 pixel, vf value) __attribute__((always_inline)) {
    if (pixel >= 0 && pixel < row.pixels) put(dx + pixel * row.channels, value);
  };
  vf before{}; // what the previous pixel of dy adds
  KeptColumns<ROWS> pixels(dy);
  const auto go_to = [&](i64 &q, i64 end) __attribute__((always_inline)) {
    SINAPSE_ROLLED for (; q < end; q++) {
      pixels.next(x);
      put_inside(2 * q - row.left, sum(left, before));
      put_inside(2 * q - row.left + 1, sum(middle, vf{}));
      before = sum(right, vf{});
    }
  };
  const Range inner = row.inner();
  i64 q = 0;
  go_to(q, inner.begin);
  f32 *to = dx + (2 * q - row.left) * row.channels;
  SINAPSE_ROLLED for (; q < inner.end; q++, to += 2 * row.channels) {
    pixels.next(x);
    put(to, sum(left, before));
    put(to + row.channels, sum(middle, vf{}));
    before = sum(right, vf{});
  }
  go_to(q, row.dy_pixels);
  put_inside(2 * q - row.left, before);
  for (i64 pixel = 0; pixel < minimum(-row.left, row.pixels); pixel++) put(dx + pixel * row.channels, vf{});
  for (i64 pixel = maximum<i64>(2 * q - row.left + 1, 0); pixel < row.pixels; pixel++) put(dx + pixel * row.channels, vf{});
}

/** For a geometry that `is_strided_3x3`, with the filter from conv2d_input_pack. */
inline void strided_3x3_input_gradient(const Geometry &g, const f32 *dy, const f32 *packed, f32 *dx) {
  Pass p{}; // describes dy as an image whose rows are kept
  p.x = dy;
  p.height = g.out_height;
  p.width = p.out_width = g.out_width;
  p.pixel = p.groups = g.channels;
  p.kernel_width = p.stride_x = 1;
  const KeptLayout layout(p);
  Scratch scratch;
  KeptRows *kept = keep_rows(layout, scratch);
  const isize channels = static_cast<isize>(g.channels), tap_stride = static_cast<isize>(round_up(g.channels, WIDTH));
  const StridedRow row{g.left, g.width, g.out_width, channels};
  const i64 rows = g.batch * g.height;
  parallel_ranges(rows, kept_rows_of_task(rows, maximum<i64>(1, g.width * g.channels * 9 / 4)), [&](i64 begin, i64 end, int thread) {
    for (i64 index = begin; index < end; index++) {
      const i64 image = index / g.height, i = index % g.height;
      f32 *to = dx + index * g.width * g.channels;
      KeptRow seen[2];
      const f32 *weights[2][3];
      int count = 0;
      for (i64 u = 0; u < 3; u++) {
        const i64 twice = i + g.top - u;
        if (twice < 0 || twice % 2 != 0 || twice / 2 >= g.out_height) continue;
        seen[count] = kept[thread].see(p, layout, image, twice / 2);
        for (int v = 0; v < 3; v++) weights[count][v] = packed + STRIDED_TAPS[u][v] * tap_stride;
        count++;
      }
      if (count == 0) __builtin_memset(to, 0, g.width * g.channels * 4);
      else for (isize c = 0; c < channels; c += WIDTH) {
        const f32 *const at[2] = {seen[0].channel(c), count == 2 ? seen[1].channel(c) : nullptr};
        const isize part = minimum<isize>(WIDTH, channels - c);
        const auto fill = count == 1 ? part == WIDTH ? strided_3x3_vector<1, false> : strided_3x3_vector<1, true>
                                     : part == WIDTH ? strided_3x3_vector<2, false> : strided_3x3_vector<2, true>;
        fill(row, at, weights, c, part, to + c);
      }
    }
  });
}

} // namespace SINAPSE_ISA
