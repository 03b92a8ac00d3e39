// cumulativeSum: x is [outer, length, inner], summed along `length`. Sums are kept in float64. A long axis is cut into parts, whose sums are computed
// first, so that every part knows its start.
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "base/vector.h"

namespace SINAPSE_ISA {

/** Elements that are worth a task; columns that are summed at once; the most parts of an axis. */
constexpr i64 CUMULATIVE_GRAIN = 1 << 15, CUMULATIVE_COLUMNS = 256, CUMULATIVE_PARTS = 64;

/** T is the element type, Sum the type of the sums. When reversed, element i of the sum is the i-th from the end. */
template <class T, class Sum> struct CumulativeSum {
  const T *x;
  T *y;
  i64 outer, length, inner;
  bool exclusive, reverse;

  i64 at(i64 i) const { return (reverse ? length - 1 - i : i) * inner; }

  /** One column. Four elements are summed before they are added to the running sum, so that it is waited for once in four. */
  void scan_column(i64 slab, i64 from, i64 to, Sum sum) const {
    i64 i = from;
    for (; i + 4 <= to; i += 4) {
      const Sum a = static_cast<Sum>(x[slab + at(i)]), b = static_cast<Sum>(x[slab + at(i + 1)]);
      const Sum c = static_cast<Sum>(x[slab + at(i + 2)]), d = static_cast<Sum>(x[slab + at(i + 3)]);
      const Sum sums[] = {sum, sum + a, sum + (a + b), sum + ((a + b) + c), sum + ((a + b) + (c + d))};
      for (int j = 0; j < 4; j++) y[slab + at(i + j)] = static_cast<T>(sums[j + (exclusive ? 0 : 1)]);
      sum = sums[4];
    }
    for (; i < to; i++) {
      const Sum next = sum + static_cast<Sum>(x[slab + at(i)]);
      y[slab + at(i)] = static_cast<T>(exclusive ? sum : next);
      sum = next;
    }
  }

  void scan_columns(i64 slab, i64 from, i64 to, i64 width, const Sum *before) const {
    Sum sums[CUMULATIVE_COLUMNS];
    for (i64 j = 0; j < width; j++) sums[j] = before[j];
    for (i64 i = from; i < to; i++) {
      const T *row = x + slab + at(i);
      T *out = y + slab + at(i);
      if (exclusive)
        for (i64 j = 0; j < width; j++) {
          const Sum term = static_cast<Sum>(row[j]);
          out[j] = static_cast<T>(sums[j]);
          sums[j] += term;
        }
      else
        for (i64 j = 0; j < width; j++) {
          sums[j] += static_cast<Sum>(row[j]);
          out[j] = static_cast<T>(sums[j]);
        }
    }
  }

  void run() const {
    const i64 width = minimum(inner, CUMULATIVE_COLUMNS), across = ceil_div(inner, width), groups = outer * across;
    const i64 parts = maximum<i64>(1, minimum(length * width / CUMULATIVE_GRAIN, CUMULATIVE_PARTS / groups));
    const auto slab = [&](i64 group) { return group / across * length * inner + group % across * width; };
    const auto columns = [&](i64 group) { return minimum(width, inner - group % across * width); };
    const auto first = [&](i64 part) { return length * part / parts; };
    Scratch scratch;
    Sum *before = scratch.take<Sum>(parts * groups * width);
    for (i64 i = 0; i < parts * groups * width; i++) before[i] = 0;
    if (parts > 1) {
      // before[part + 1] becomes the sum of a part, then of all parts up to it.
      parallel(groups * (parts - 1), [&](i64 task, int) {
        const i64 group = task / (parts - 1), part = task % (parts - 1), end = first(part + 1);
        Sum *sums = before + (group * parts + part + 1) * width;
        for (i64 i = first(part); i < end; i++)
          for (i64 j = 0; j < columns(group); j++) sums[j] += static_cast<Sum>(x[slab(group) + at(i) + j]);
      });
      for (i64 group = 0; group < groups; group++)
        for (i64 part = 2; part < parts; part++)
          for (i64 j = 0; j < width; j++) before[(group * parts + part) * width + j] += before[(group * parts + part - 1) * width + j];
    }
    parallel_ranges(groups * parts, ceil_div(CUMULATIVE_GRAIN * parts, length * width), [&](i64 begin, i64 end, int) {
      for (i64 task = begin; task < end; task++) {
        const i64 group = task / parts, part = task % parts;
        if (inner == 1) scan_column(slab(group), first(part), first(part + 1), before[task]);
        else scan_columns(slab(group), first(part), first(part + 1), columns(group), before + task * width);
      }
    });
  }
};

// x, y (not empty), whether they are floats, outer, length, inner, exclusive, reverse
inline void cumulative_sum(const f64 *from) {
  Arguments arguments(from);
  const u8 *x = arguments.pointer<u8>();
  u8 *y = arguments.pointer<u8>();
  const bool floats = arguments.flag();
  const i64 outer = arguments.integer(), length = arguments.integer(), inner = arguments.integer();
  const bool exclusive = arguments.flag(), reverse = arguments.flag();
  if (floats)
    CumulativeSum<f32, f64>{reinterpret_cast<const f32 *>(x), reinterpret_cast<f32 *>(y), outer, length, inner, exclusive, reverse}.run();
  else CumulativeSum<u32, u32>{reinterpret_cast<const u32 *>(x), reinterpret_cast<u32 *>(y), outer, length, inner, exclusive, reverse}.run();
}

} // namespace SINAPSE_ISA

#define CUMULATIVE_SUM_KERNELS(KERNEL) KERNEL(cumulative_sum)
