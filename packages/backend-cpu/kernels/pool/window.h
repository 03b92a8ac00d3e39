// The geometry of pooling: windows over images [batch, height, width, channels].
#pragma once
#include "base/arguments.h"
#include "base/host.h"

namespace SINAPSE_ISA {

/** Elements that one task pools. */
constexpr i64 POOL_GRAIN = 1 << 16;

/** Pooling along one axis: window `index` has `window` positions from index * stride - before on. */
struct PoolAxis {
  i64 length, output, window, stride, before;

  /** The positions of a window inside the image: from, to. */
  i64 first(i64 index) const { return maximum<i64>(0, index * stride - before); }
  i64 end(i64 index) const { return minimum(length, index * stride - before + window); }
  /** The windows that contain a position: from, to. */
  i64 first_window(i64 position) const { return maximum<i64>(0, ceil_div(maximum<i64>(0, position + before - window + 1), stride)); }
  i64 end_window(i64 position) const { return minimum(output, (position + before) / stride + 1); }
  bool overlaps() const { return stride < window; }
  /** Whether every position lies in exactly one window. */
  bool tiles() const { return stride == window && before == 0 && output * stride == length; }
};

struct Pooling {
  i64 batch, channels;
  PoolAxis rows, columns;

  i64 x_row() const { return columns.length * channels; }
  i64 y_row() const { return columns.output * channels; }
};

inline PoolAxis read_pool_axis(Arguments &arguments) {
  PoolAxis axis;
  axis.length = arguments.integer();
  axis.output = arguments.integer();
  axis.window = arguments.integer();
  axis.stride = arguments.integer();
  axis.before = arguments.integer();
  return axis;
}

// batch, channels; of rows, then of columns: length, output, window, stride, before
inline Pooling read_pool(Arguments &arguments) {
  Pooling pool;
  pool.batch = arguments.integer();
  pool.channels = arguments.integer();
  pool.rows = read_pool_axis(arguments);
  pool.columns = read_pool_axis(arguments);
  return pool;
}

} // namespace SINAPSE_ISA
