// The gradient of a depthwise filter: dF(u, v; c) = Σ x(pixel under place u, v; c) dy(pixel; c). Vectors are channels; the sums of a few places
// stay in registers along a row of dy. Slices of the rows are summed up apart and then added in order, whatever the number of threads.
#pragma once
#include "convolution/depthwise.h"

namespace SINAPSE_ISA {

/** Places whose sums are kept in registers at once: those of a 3x3 filter. */
constexpr int DEPTHWISE_PLACES = 9;

/** A row of dy, and where the places of the filter lie under its first pixel. */
struct DepthwiseRow {
  /** Elements from x to each place. */
  i64 offset[DEPTHWISE_PLACES];
  const f32 *x, *dy;
  /** Elements between neighbouring pixels. */
  i64 x_step, dy_step, pixels, lanes;
  /** Where the sums of the first place are, and the elements to the next. */
  f32 *sums;
  i64 place;
};

template <int PLACES> inline void add_row(const DepthwiseRow &row) {
  vf sum[PLACES];
  SINAPSE_UNROLL for (int k = 0; k < PLACES; k++) sum[k] = vf{};
  const f32 *x = row.x, *dy = row.dy;
  if (row.lanes == WIDTH) {
    for (i64 j = 0; j < row.pixels; j++, x += row.x_step, dy += row.dy_step) {
      const vf gradient = load(dy);
      SINAPSE_UNROLL for (int k = 0; k < PLACES; k++) sum[k] = fma(load(x + row.offset[k]), gradient, sum[k]);
    }
  } else {
    for (i64 j = 0; j < row.pixels; j++, x += row.x_step, dy += row.dy_step) {
      const vf gradient = load_part(dy, row.lanes);
      SINAPSE_UNROLL for (int k = 0; k < PLACES; k++) sum[k] = fma(load_part(x + row.offset[k], row.lanes), gradient, sum[k]);
    }
  }
  SINAPSE_UNROLL for (int k = 0; k < PLACES; k++) store(row.sums + k * row.place, load(row.sums + k * row.place) + sum[k]);
}

template <int PLACES = DEPTHWISE_PLACES> inline void add_row(int places, const DepthwiseRow &row) {
  if (places == PLACES) add_row<PLACES>(row);
  else if constexpr (PLACES > 1) add_row<PLACES - 1>(places, row);
}

/** Adds the products of one row of one image to sums[place][channel], `width` channels. */
inline void add_depthwise_row(const Pass &p, const Range &inner, const f32 *image, i64 y, const f32 *dy, i64 width, f32 *sums) {
  DepthwiseRow row;
  row.x_step = p.stride_x * p.pixel;
  row.dy_step = p.groups;
  row.place = width;
  const i64 places = p.kernel_height * p.kernel_width;
  for (i64 c = 0; c < p.groups; c += WIDTH) {
    row.lanes = minimum<i64>(WIDTH, p.groups - c);
    for (i64 first = 0; first < places; first += DEPTHWISE_PLACES) {
      const i64 count = minimum<i64>(DEPTHWISE_PLACES, places - first);
      const i64 top = y + first / p.kernel_width * p.dilation_y, bottom = y + (first + count - 1) / p.kernel_width * p.dilation_y;
      const bool together = top >= 0 && bottom < p.height;
      const auto offset = [&](i64 place) {
        return ((y + place / p.kernel_width * p.dilation_y) * p.width + place % p.kernel_width * p.dilation_x) * p.pixel;
      };
      if (together && inner.begin < inner.end) {
        for (i64 k = 0; k < count; k++) row.offset[k] = offset(first + k);
        row.x = image + (p.origin_x + inner.begin * p.stride_x) * p.pixel + c;
        row.dy = dy + inner.begin * p.groups + c;
        row.pixels = inner.end - inner.begin;
        row.sums = sums + first * width + c;
        add_row(static_cast<int>(count), row);
      }
      // Beside them, place by place. Padding is zeros: an infinite gradient makes them NaN.
      for (i64 j = 0; j < p.out_width; j++) {
        if (together && j == inner.begin && inner.begin < inner.end) j = inner.end;
        if (j >= p.out_width) break;
        const vf gradient = load_some(dy + j * p.groups + c, row.lanes);
        for (i64 place = first; place < first + count; place++) {
          const i64 line = y + place / p.kernel_width * p.dilation_y;
          const i64 column = p.origin_x + j * p.stride_x + place % p.kernel_width * p.dilation_x;
          const bool inside = line >= 0 && line < p.height && column >= 0 && column < p.width;
          const vf x = inside ? load_some(image + (line * p.width + column) * p.pixel + c, row.lanes) : vf{};
          f32 *to = sums + place * width + c;
          store(to, fma(x, gradient, load(to)));
        }
      }
    }
  }
}

/** x and the geometry are those of the forward pass. */
inline void depthwise_filter_gradient(const Pass &p, const f32 *dy, f32 *dfilter) {
  const i64 places = p.kernel_height * p.kernel_width, width = round_up(p.groups, WIDTH), size = places * width;
  const i64 rows = p.batch * p.out_height, worthwhile = rows * p.out_width * places * p.groups / (1 << 20);
  const Cut slices{rows, maximum<i64>(1, minimum(minimum<i64>(rows, 64), worthwhile))};
  const Range inner = inner_columns(p);
  Scratch scratch;
  f32 *sums = scratch.floats(slices.count * size);
  parallel(slices.count, [&](i64 slice, int) {
    f32 *own = sums + slice * size;
    __builtin_memset(own, 0, size * 4);
    for (i64 at = slices.start(slice); at < slices.start(slice + 1); at++) {
      const i64 image = at / p.out_height, i = at % p.out_height;
      add_depthwise_row(p, inner, p.x + image * p.height * p.width * p.pixel, p.origin_y + i * p.stride_y,
                        dy + at * p.out_width * p.groups, width, own);
    }
  });
  for (i64 place = 0; place < places; place++)
    for (i64 c = 0; c < p.groups; c += WIDTH) {
      vf total = load(sums + place * width + c);
      for (i64 slice = 1; slice < slices.count; slice++) total += load(sums + slice * size + place * width + c);
      store_some(dfilter + place * p.groups + c, total, minimum<i64>(WIDTH, p.groups - c));
    }
}

} // namespace SINAPSE_ISA
