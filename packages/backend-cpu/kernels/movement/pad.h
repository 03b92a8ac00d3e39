// pad: adds a border of one value around x, and gaps of that value between its elements.
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "movement/run.h"

namespace SINAPSE_ISA {

/** Padding along one axis: `before` and `after` elements of border, and gaps of `spacing` - 1 elements. */
struct PadAxis {
  i64 length, before, after, spacing;
  i64 padded() const { return before + (length - 1) * spacing + 1 + after; }
  bool plain() const { return before == 0 && after == 0 && spacing == 1; }
};

/** As few axes as possible: an axis without a border is joined to the next outer one, if that has no gaps. */
struct PadAxes {
  static constexpr int MOST = 64;
  int count = 0;
  PadAxis axis[MOST];

  void add(PadAxis inner) {
    if (inner.length == 1 && inner.plain()) return;
    PadAxis *outer = count == 0 ? nullptr : &axis[count - 1];
    if (outer != nullptr && inner.plain() && outer->spacing == 1)
      *outer = {outer->length * inner.length, outer->before * inner.length, outer->after * inner.length, 1};
    else axis[count++] = inner;
  }
};

/** Walks over the rows of y and finds the row of x that each takes its elements from, if any. */
class PadRows {
  const PadAxes &axes_;
  i64 index_[PadAxes::MOST];

public:
  /** `row` counts rows through all axes but the last. */
  PadRows(const PadAxes &axes, i64 row) : axes_(axes) {
    for (int i = axes.count - 2; i >= 0; i--) {
      const i64 padded = axes.axis[i].padded();
      index_[i] = row % padded;
      row /= padded;
    }
  }

  void next() {
    for (int i = axes_.count - 2; i >= 0; i--) {
      if (++index_[i] < axes_.axis[i].padded()) return;
      index_[i] = 0;
    }
  }

  /** The row of x that this row of y holds, -1 for none. */
  i64 source() const {
    i64 row = 0;
    for (int i = 0; i < axes_.count - 1; i++) {
      const PadAxis &axis = axes_.axis[i];
      const i64 offset = index_[i] - axis.before;
      if (offset < 0 || offset % axis.spacing != 0 || offset / axis.spacing >= axis.length) return -1;
      row = row * axis.length + offset / axis.spacing;
    }
    return row;
  }
};

template <class T> inline void pad_elements(const PadAxes &axes, i64 rows, const T *x, T *y, T value) {
  const PadAxis last = axes.axis[axes.count - 1];
  const i64 padded = last.padded();
  parallel_ranges(rows, ceil_div(MOVEMENT_GRAIN, padded), [&](i64 begin, i64 end, int) {
    PadRows at(axes, begin);
    for (i64 row = begin; row < end; row++, at.next()) {
      T *to = y + row * padded;
      const i64 source = at.source();
      if (source < 0) {
        fill_run(to, value, padded);
        continue;
      }
      const T *from = x + source * last.length;
      fill_run(to, value, last.before);
      to += last.before;
      if (last.spacing == 1) copy_run(to, from, last.length);
      else {
        fill_run(to, value, (last.length - 1) * last.spacing + 1);
        for (i64 i = 0; i < last.length; i++) to[i * last.spacing] = from[i];
      }
      fill_run(y + (row + 1) * padded - last.after, value, last.after);
    }
  });
}

// x, y, size of y, dtype, value, rank, for each axis: length, before, after, interior. x is not empty.
inline void pad(const f64 *from) {
  Arguments arguments(from);
  const u8 *x = arguments.pointer<u8>();
  u8 *y = arguments.pointer<u8>();
  const i64 size = arguments.integer();
  const int dtype = arguments.small();
  const f64 value = arguments.real();
  const int rank = arguments.small();
  PadAxes axes;
  for (int i = 0; i < rank; i++) {
    const i64 length = arguments.integer(), before = arguments.integer(), after = arguments.integer(), interior = arguments.integer();
    axes.add({length, before, after, interior + 1});
  }
  if (axes.count == 0) axes.axis[axes.count++] = {1, 0, 0, 1};
  const i64 rows = size / axes.axis[axes.count - 1].padded();
  if (BYTES[dtype] == 1) return pad_elements<u8>(axes, rows, x, y, static_cast<u8>(value));
  i32 bits = static_cast<i32>(value);
  if (dtype == FLOAT32) {
    const f32 rounded = static_cast<f32>(value);
    __builtin_memcpy(&bits, &rounded, sizeof bits);
  }
  pad_elements<i32>(axes, rows, reinterpret_cast<const i32 *>(x), reinterpret_cast<i32 *>(y), bits);
}

} // namespace SINAPSE_ISA

#define PAD_KERNELS(KERNEL) KERNEL(pad)
