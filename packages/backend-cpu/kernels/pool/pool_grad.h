// Gradients of pooling. dx is cut into bands of rows. One task writes a band and handles all windows that reach into it. A window between two bands
// is handled twice, and terms of the same element are always added in the order of the windows.
#pragma once
#include "base/row.h"
#include "base/unroll.h"
#include "pool/window.h"
#include "reduce/reducers.h"

namespace SINAPSE_ISA {

/** Rows of one image that one task writes. */
struct Band {
  i64 image, from, to;
};

/** Calls body(band, thread) for bands that cover dx. */
template <class Body> inline void for_each_band(const Pooling &pool, const Body &body) {
  const i64 image = pool.rows.length * pool.x_row();
  const i64 height = image <= POOL_GRAIN ? pool.rows.length
                                         : minimum(pool.rows.length, maximum(4 * pool.rows.window, ceil_div(POOL_GRAIN, pool.x_row())));
  const i64 bands = ceil_div(pool.rows.length, height);
  parallel_ranges(pool.batch * bands, ceil_div(POOL_GRAIN, height * pool.x_row()), [&](i64 begin, i64 end, int thread) {
    for (i64 i = begin; i < end; i++) {
      const i64 from = i % bands * height;
      body(Band{i / bands, from, minimum(pool.rows.length, from + height)}, thread);
    }
  });
}

/** A window: where it lies in the image, and which of its rows may be written. */
struct Window {
  const f32 *x;
  const f32 *dy;
  f32 *dx;
  i64 row_stride, column_stride;
  i64 rows, columns;
  /** Rows of the window that lie in the band. */
  i64 from, to;
};

/** ADD: add to dx, because windows overlap. */
template <bool ADD> inline void give(f32 *dx, vf share, i64 lanes) {
  store_some(dx, ADD ? load_some(dx, lanes) + share : share, lanes);
}

/** Gives dy to the first maximum of a window, for `count` channels from c on. */
template <bool ADD> inline void give_to_first(const Window &window, i64 c, i64 count) {
  const auto x_at = [&](i64 row, i64 column) { return load_some(window.x + row * window.row_stride + column * window.column_stride + c, count); };
  vf most = x_at(0, 0);
  for (i64 row = 0; row < window.rows; row++)
    for (i64 column = 0; column < window.columns; column++) most = FloatExtreme<1>::join(most, x_at(row, column));
  vi left = (vi)load_some(window.dy + c, count);
  for (i64 row = 0; row < window.to; row++)
    for (i64 column = 0; column < window.columns; column++) {
      const vf v = x_at(row, column);
      const vi chosen = (v == most) | (v != v);
      if (row >= window.from) give<ADD>(window.dx + row * window.row_stride + column * window.column_stride + c, (vf)(chosen & left), count);
      left &= ~chosen;
    }
}

/** The same for a vector of a window of SIZE by SIZE, whose elements stay in registers. Only the channels in the mask get a share. */
template <bool ADD, int SIZE> inline void give_to_first_square(const f32 *x, const f32 *dy, f32 *dx, i64 row_stride, i64 column_stride, vi mask) {
  vf v[SIZE * SIZE];
  SINAPSE_UNROLL for (int i = 0; i < SIZE * SIZE; i++) v[i] = load(x + i / SIZE * row_stride + i % SIZE * column_stride);
  vf most = v[0];
  SINAPSE_UNROLL for (int i = 1; i < SIZE * SIZE; i++) most = FloatExtreme<1>::join(most, v[i]);
  vi left = (vi)load(dy) & mask;
  SINAPSE_UNROLL for (int i = 0; i < SIZE * SIZE; i++) {
    const vi chosen = (v[i] == most) | (v[i] != v[i]);
    give<ADD>(dx + i / SIZE * row_stride + i % SIZE * column_stride, (vf)(chosen & left), WIDTH);
    left &= ~chosen;
  }
}

/** The gradient of one row of windows. */
template <bool ADD> class MaxPoolRow {
  const Pooling &pool_;
  const Band &band_;
  i64 row_, top_, rows_;
  const f32 *x_, *dy_;
  f32 *dx_;

  Window window(i64 column) const {
    const i64 left = pool_.columns.first(column), at = left * pool_.channels;
    return {x_ + at,       dy_ + column * pool_.channels,   dx_ + at, pool_.x_row(), pool_.channels, rows_,
            pool_.columns.end(column) - left, maximum<i64>(0, band_.from - top_), minimum(top_ + rows_, band_.to) - top_};
  }

public:
  MaxPoolRow(const Pooling &pool, const Band &band, i64 row, const f32 *x, const f32 *dy, f32 *dx) : pool_(pool), band_(band), row_(row) {
    top_ = pool.rows.first(row);
    rows_ = pool.rows.end(row) - top_;
    const i64 at = (band.image * pool.rows.length + top_) * pool.x_row();
    x_ = x + at;
    dx_ = dx + at;
    dy_ = dy + (band.image * pool.rows.output + row) * pool.y_row();
  }

  /** Handles channels from `c` on, for the windows of columns `from` .. `to` - 1. */
  void some(i64 from, i64 to, i64 c) const {
    for (i64 column = from; column < to; column++) {
      const Window of = window(column);
      for (i64 at = c; at < pool_.channels; at += WIDTH) give_to_first<ADD>(of, at, minimum<i64>(WIDTH, pool_.channels - at));
    }
  }

  /**
   * Handles windows of SIZE by SIZE that lie inside the image and the band, in full vectors. With fewer channels than lanes, a vector also covers the
   * next pixels, but gives them nothing: they are written later, or added to. This leaves out the last windows of a row, whose vectors would reach
   * beyond it, and channels that do not fill a vector.
   */
  template <int SIZE> void all() const {
    const PoolAxis &columns = pool_.columns;
    const i64 channels = pool_.channels, reach = channels < WIDTH ? WIDTH : channels;
    const vi mask = first_lanes(minimum<i64>(channels, WIDTH));
    i64 from = 0, to = columns.output;
    while (from < to && from * columns.stride < columns.before) from++;
    while (to > from && (((to - 1) * columns.stride - columns.before + SIZE - 1) * channels + reach > pool_.x_row() ||
                         (to - 1) * channels + reach > pool_.y_row()))
      to--;
    const i64 whole = reach - reach % WIDTH;
    some(0, from, 0);
    for (i64 column = from; column < to; column++) {
      const i64 at = (column * columns.stride - columns.before) * channels;
      for (i64 c = 0; c < whole; c += WIDTH)
        give_to_first_square<ADD, SIZE>(x_ + at + c, dy_ + column * channels + c, dx_ + at + c, pool_.x_row(), channels, mask);
    }
    if (whole < channels) some(from, to, whole);
    some(to, columns.output, 0);
  }

  void run() const {
    const i64 size = pool_.rows.window;
    const bool whole = rows_ == size && pool_.columns.window == size && top_ >= band_.from && top_ + rows_ <= band_.to;
    if (whole && size == 2) all<2>();
    else if (whole && size == 3) all<3>();
    else some(0, pool_.columns.output, 0);
  }
};

template <bool ADD> inline void max_pool_band(const Pooling &pool, const Band &band, const f32 *x, const f32 *dy, f32 *dx) {
  const PoolAxis &rows = pool.rows;
  if (!rows.tiles() || !pool.columns.tiles()) {
    f32 *first = dx + (band.image * rows.length + band.from) * pool.x_row();
    __builtin_memset(first, 0, (band.to - band.from) * pool.x_row() * 4);
  }
  for (i64 row = rows.first_window(band.from); row < rows.end_window(band.to - 1); row++) MaxPoolRow<ADD>(pool, band, row, x, dy, dx).run();
}

// x, dy, dx, pool. x is not empty.
inline void max_pool_grad(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<f32>();
  const f32 *dy = arguments.pointer<f32>();
  f32 *dx = arguments.pointer<f32>();
  const Pooling pool = read_pool(arguments);
  const bool overlap = pool.rows.overlaps() || pool.columns.overlaps();
  for_each_band(pool, [&](const Band &band, int) {
    if (overlap) max_pool_band<true>(pool, band, x, dy, dx);
    else max_pool_band<false>(pool, band, x, dy, dx);
  });
}

/**
 * Adds the gradients of rows `from` .. `to` - 1 of y, whose windows all reach one row of x. Each is divided by `area`; if that is 0, by the number of
 * its window's rows and columns inside the image.
 */
inline void add_shares(const Pooling &pool, i64 image, i64 from, i64 to, const f32 *dy, i64 area, f32 *shares) {
  const i64 length = pool.y_row();
  for (i64 row = from; row < to; row++) {
    const vf divisor = splat(static_cast<f32>(area > 0 ? area : pool.rows.end(row) - pool.rows.first(row)));
    for_each_vector(dy + (image * pool.rows.output + row) * length, length, [&](vf v, i64 i, i64 count) {
      const vf share = v / divisor;
      store_some(shares + i, row == from ? share : load_some(shares + i, count) + share, count);
    });
  }
  if (area > 0) return;
  for (i64 column = 0; column < pool.columns.output; column++) {
    const vf divisor = splat(static_cast<f32>(pool.columns.end(column) - pool.columns.first(column)));
    f32 *pixel = shares + column * pool.channels;
    for_each_vector(pixel, pool.channels, [&](vf v, i64 i, i64 count) { store_some(pixel + i, v / divisor, count); });
  }
}

/** Computes one row of dx: every pixel gets the shares of the windows that contain it. `shares` may be read up to a vector beyond its end. */
inline void spread_shares(const Pooling &pool, const f32 *shares, f32 *dx) {
  const i64 channels = pool.channels;
  const PoolAxis &columns = pool.columns;
  i64 first = 0, end = 0;
  for (i64 column = 0; column < columns.length; column++) {
    while (end < columns.output && end * columns.stride - columns.before <= column) end++;
    while (first < end && first * columns.stride - columns.before + columns.window <= column) first++;
    const i64 room = channels < WIDTH ? (columns.length - column) * channels : channels;
    for (i64 c = 0; c < channels; c += WIDTH) {
      vf sum = {};
      if (first < end) sum = load(shares + first * channels + c);
      for (i64 i = first + 1; i < end; i++) sum += load(shares + i * channels + c);
      store_some(dx + column * channels + c, sum, minimum<i64>(WIDTH, room - c));
    }
  }
}

// dy, dx, area (0: the number of positions inside the image), pool. dx is not empty.
inline void avg_pool_grad(const f64 *from) {
  Arguments arguments(from);
  const f32 *dy = arguments.pointer<f32>();
  f32 *dx = arguments.pointer<f32>();
  const i64 area = arguments.integer();
  const Pooling pool = read_pool(arguments);
  // Vectors are read beyond the end of `shares`.
  const i64 room = pool.y_row() + WIDTH;
  Scratch scratch;
  f32 *shares = scratch.floats(room * thread_count());
  for_each_band(pool, [&](const Band &band, int thread) {
    f32 *own = shares + thread * room, *to = dx + (band.image * pool.rows.length + band.from) * pool.x_row();
    i64 from = 0, end = -1;
    for (i64 row = band.from; row < band.to; row++, to += pool.x_row()) {
      const i64 first_window = pool.rows.first_window(row), end_window = pool.rows.end_window(row);
      if (row > band.from && first_window == from && end_window == end) { // the same as the row before
        __builtin_memcpy(to, to - pool.x_row(), pool.x_row() * 4);
        continue;
      }
      from = first_window;
      end = end_window;
      if (from < end) {
        add_shares(pool, band.image, from, end, dy, area, own);
        spread_shares(pool, own, to);
      } else __builtin_memset(to, 0, pool.x_row() * 4);
    }
  });
}

} // namespace SINAPSE_ISA

#define POOL_GRAD_KERNELS(KERNEL)                                                                                                        \
  KERNEL(max_pool_grad)                                                                                                                  \
  KERNEL(avg_pool_grad)
