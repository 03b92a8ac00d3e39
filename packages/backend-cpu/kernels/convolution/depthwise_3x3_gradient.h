// The gradient of a depthwise 3x3 filter, row by row of dy. A vector of channels moves along the row with its nine sums in registers. Every column of
// the image is loaded once and multiplied by all pixels of dy that it contributed to: as their last, middle and first column.
#pragma once
#include "convolution/depthwise.h"
#include "convolution/depthwise_rows.h"

namespace SINAPSE_ISA {

/** Adds the products of a column and a pixel of dy. */
__attribute__((always_inline)) inline void add_products(const vf (&x)[3], vf dy, vf (&sum)[3]) {
  SINAPSE_UNROLL for (int u = 0; u < 3; u++) sum[u] = fma(x[u], dy, sum[u]);
}

/** Adds the products of at least two pixels, for the first `count` channels of a vector, to the sums of nine taps. */
template <int STRIDE, bool PART>
__attribute__((noinline)) void add_vector_3x3(const f32 *const (&rows)[3], const f32 *dy, isize dy_pixel, isize pixels, isize count, f32 *sums, isize tap_stride) {
  KeptColumns<3> columns(rows);
  vf left[3] = {}, middle[3] = {}, right[3] = {}, x[3];
  const auto next_pixel = [&]() __attribute__((always_inline)) {
    const vf pixel = PART ? load_part(dy, count) : load(dy);
    dy += dy_pixel;
    return pixel;
  };
  vf before = next_pixel();
  columns.next(x);
  add_products(x, before, left);
  if constexpr (STRIDE == 1) {
    vf last = next_pixel();
    columns.next(x);
    add_products(x, before, middle);
    add_products(x, last, left);
    SINAPSE_ROLLED for (isize j = 2; j < pixels; j++) {
      const vf pixel = next_pixel();
      columns.next(x);
      add_products(x, before, right);
      add_products(x, last, middle);
      add_products(x, pixel, left);
      before = last;
      last = pixel;
    }
    columns.next(x);
    add_products(x, before, right);
    add_products(x, last, middle);
    before = last;
  } else {
    SINAPSE_ROLLED for (isize j = 1; j < pixels; j++) {
      columns.next(x);
      add_products(x, before, middle);
      const vf pixel = next_pixel();
      columns.next(x);
      add_products(x, before, right);
      add_products(x, pixel, left);
      before = pixel;
    }
    columns.next(x);
    add_products(x, before, middle);
  }
  columns.next(x);
  add_products(x, before, right);
  const auto keep = [&](const vf (&column)[3], isize v) __attribute__((always_inline)) {
    SINAPSE_UNROLL for (int u = 0; u < 3; u++) {
      f32 *to = sums + (u * 3 + v) * tap_stride;
      store(to, load(to) + column[u]);
    }
  };
  keep(left, 0);
  keep(middle, 1);
  keep(right, 2);
}

/** Fetches a stretch of memory, line by line. WebAssembly has no prefetch, so there it reads an element of each line. */
inline void fetch_stretch(const f32 *from, isize count) {
#if defined(__wasm__)
  for (isize i = 0; i < count; i += DEPTHWISE_LINE) (void)static_cast<const volatile f32 *>(from)[i];
#else
  for (isize i = 0; i < count; i += DEPTHWISE_LINE) __builtin_prefetch(from + i, 0, 2);
#endif
}

/** Adds the products of an output row to the sums of nine taps, which are `tap_stride` elements apart. `ahead` is the next row of dy, if any. */
inline void add_row_3x3(const Pass &p, const KeptRow (&rows)[3], const f32 *dy, const f32 *ahead, f32 *sums, isize tap_stride) {
  const isize channels = static_cast<isize>(p.groups), pixels = static_cast<isize>(p.out_width);
  for (isize c = 0; c < channels; c += WIDTH) {
    const f32 *const x[3] = {rows[0].channel(c), rows[1].channel(c), rows[2].channel(c)};
    const isize count = minimum<isize>(WIDTH, channels - c);
    const auto add = p.stride_x == 1 ? count == WIDTH ? add_vector_3x3<1, false> : add_vector_3x3<1, true>
                                     : count == WIDTH ? add_vector_3x3<2, false> : add_vector_3x3<2, true>;
    if (ahead != nullptr && c % KeptLayout::CHANNELS == 0) fetch_stretch(ahead + c * pixels, minimum(KeptLayout::CHANNELS, channels - c) * pixels);
    add(x, dy + c, channels, pixels, count, sums + c, tap_stride);
  }
}

} // namespace SINAPSE_ISA
