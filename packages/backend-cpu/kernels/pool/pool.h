// maxPool2d and avgPool2d. The rows of a window are combined first, in long vectors whatever the number of channels, then its columns. Windows that
// overlap in both directions thus cost rows + columns operations per position, not rows * columns.
#pragma once
#include "base/row.h"
#include "pool/window.h"
#include "reduce/reducers.h"

namespace SINAPSE_ISA {

/** Elements of the combined rows, which stay in a near cache. */
constexpr i64 POOL_ROW = 1 << 12;

struct PoolMax {
  static vf combine(vf a, vf b) { return FloatExtreme<1>::join(a, b); }
  static vf finish(vf most, i64) { return most; }
};

struct PoolMean {
  static vf combine(vf a, vf b) { return a + b; }
  static vf finish(vf sum, i64 count) { return sum / splat(static_cast<f32>(count)); }
};

/** Combines rows into `to`; a single row is copied. `stride` is the distance from row to row. */
template <class Operation> inline void combine_rows(const f32 *x, i64 stride, i64 rows, f32 *to, i64 n) {
  if (rows == 1) {
    for_each_vector(x, n, [&](vf v, i64 i, i64 count) { store_some(to + i, v, count); });
    return;
  }
  if (rows == 2)
    for_each_vector(x, n, [&](vf v, i64 i, i64 count) { store_some(to + i, Operation::combine(v, load_some(x + stride + i, count)), count); });
  else
    for_each_vector(x, n, [&](vf v, i64 i, i64 count) {
      const vf two = Operation::combine(v, load_some(x + stride + i, count));
      store_some(to + i, Operation::combine(two, load_some(x + 2 * stride + i, count)), count);
    });
  for (i64 row = 3; row < rows; row++)
    for_each_vector(x + row * stride, n, [&](vf v, i64 i, i64 count) {
      store_some(to + i, Operation::combine(load_some(to + i, count), v), count);
    });
}

/**
 * Combines the windows of columns `from` .. `to` - 1 of one row of y. `combined` begins with column `origin` of x and may be read up to a vector
 * beyond its end. With fewer channels than lanes, a pixel's vector also writes to its neighbours, which are written later; the last pixels are
 * written only in part.
 */
template <class Operation>
inline void combine_columns(const Pooling &pool, const f32 *combined, i64 origin, i64 from, i64 to, i64 area, i64 rows, f32 *y) {
  const i64 channels = pool.channels;
  for (i64 column = from; column < to; column++) {
    const i64 first = pool.columns.first(column), columns = pool.columns.end(column) - first;
    const i64 count = area > 0 ? area : rows * columns;
    const f32 *x = combined + (first - origin) * channels;
    f32 *pixel = y + column * channels;
    const i64 room = channels < WIDTH ? (to - column) * channels : channels;
    for (i64 c = 0; c < channels; c += WIDTH) {
      vf v = load(x + c);
      for (i64 i = 1; i < columns; i++) v = Operation::combine(v, load(x + i * channels + c));
      store_some(pixel + c, Operation::finish(v, count), minimum<i64>(WIDTH, room - c));
    }
  }
}

/** `area` is what sums are divided by; 0 means the number of positions inside the image. x is not empty. */
template <class Operation> inline void pool_forward(const Pooling &pool, const f32 *x, f32 *y, i64 area) {
  const i64 channels = pool.channels;
  const PoolAxis &columns = pool.columns;
  const i64 block = maximum<i64>(1, minimum(columns.output, (POOL_ROW / channels - columns.window) / columns.stride + 1));
  const i64 room = ((block - 1) * columns.stride + columns.window) * channels + 2 * WIDTH;
  Scratch scratch;
  f32 *buffers = scratch.floats(room * thread_count());
  const i64 work = pool.x_row() * minimum(pool.rows.window, pool.rows.length) + pool.y_row();
  parallel_ranges(pool.batch * pool.rows.output, ceil_div(POOL_GRAIN, work), [&](i64 begin, i64 end, int thread) {
    f32 *combined = buffers + thread * room;
    for (i64 line = begin; line < end; line++) {
      const i64 image = line / pool.rows.output, row = line % pool.rows.output;
      const i64 first = pool.rows.first(row), rows = pool.rows.end(row) - first;
      for (i64 column = 0; column < columns.output; column += block) {
        const i64 stop = minimum(columns.output, column + block);
        const i64 left = columns.first(column), width = columns.end(stop - 1) - left;
        combine_rows<Operation>(x + ((image * pool.rows.length + first) * columns.length + left) * channels, pool.x_row(), rows, combined,
                                width * channels);
        combine_columns<Operation>(pool, combined, left, column, stop, area, rows, y + line * pool.y_row());
      }
    }
  });
}

// x, y, pool. x is not empty.
inline void max_pool(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<f32>();
  f32 *y = arguments.pointer<f32>();
  pool_forward<PoolMax>(read_pool(arguments), x, y, 0);
}

// x, y, area (0: divide by the number of positions inside the image), pool. x is not empty.
inline void avg_pool(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<f32>();
  f32 *y = arguments.pointer<f32>();
  const i64 area = arguments.integer();
  pool_forward<PoolMean>(read_pool(arguments), x, y, area);
}

} // namespace SINAPSE_ISA

#define POOL_KERNELS(KERNEL)                                                                                                             \
  KERNEL(max_pool)                                                                                                                       \
  KERNEL(avg_pool)
