// scatterAdd: the gradient of gather. updates are [outer, indices, inner], y [outer, size, inner].
//
// y is cut into buckets of consecutive rows whose sums fit into a near cache. A stable counting sort lists the updates of each bucket in order, and
// one task adds them up: one thread writes each element of y once, and adds its terms in the order of the indices. If all of y is one bucket, the
// updates are cut into parts instead, whose sums are added in order. Sums are kept in float64.
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "base/vector.h"

namespace SINAPSE_ISA {

/** Elements of a bucket's sums (128 KiB of doubles), and updates that are worth a task. */
constexpr i64 SCATTER_BUCKET = 1 << 14, SCATTER_GRAIN = 1 << 16;
/** The most parts of one sum. */
constexpr i64 SCATTER_PARTS = 16;

inline void add_row(f64 *sums, const f32 *row, i64 n) {
  for (i64 j = 0; j < n; j++) sums[j] += static_cast<f64>(row[j]);
}
/** Integers wrap around. */
inline void add_row(u32 *sums, const i32 *row, i64 n) {
  for (i64 j = 0; j < n; j++) sums[j] += static_cast<u32>(row[j]);
}

/** Tensors seen as [outer, rows, inner]. */
template <class T> struct Scatter {
  const i32 *indices;
  const T *updates;
  T *y;
  i64 outer, count, size, inner;

  const T *update(i64 o, i64 i, i64 column) const { return updates + (o * count + i) * inner + column; }
};

/** All of y in one bucket. */
template <class T, class Sum> inline void scatter_whole(const Scatter<T> &of) {
  const i64 slab = of.size * of.inner;
  const i64 parts = of.outer == 1 ? maximum<i64>(1, minimum(SCATTER_PARTS, of.count * of.inner / SCATTER_GRAIN)) : 1;
  const i64 at_once = parts > 1 ? 1 : maximum<i64>(1, SCATTER_GRAIN / maximum<i64>(1, of.count * of.inner + slab));
  Scratch scratch;
  Sum *sums = scratch.take<Sum>(slab * (parts > 1 ? parts : thread_count()));
  const auto add = [&](Sum *into, i64 o, i64 begin, i64 end) {
    for (i64 j = 0; j < slab; j++) into[j] = 0;
    for (i64 i = begin; i < end; i++)
      if (of.indices[i] >= 0 && of.indices[i] < of.size) add_row(into + of.indices[i] * of.inner, of.update(o, i, 0), of.inner);
  };
  const auto put = [&](const Sum *from, i64 o) {
    for (i64 j = 0; j < slab; j++) of.y[o * slab + j] = static_cast<T>(from[j]);
  };
  if (parts == 1) {
    parallel_ranges(of.outer, at_once, [&](i64 begin, i64 end, int thread) {
      Sum *own = sums + thread * slab;
      for (i64 o = begin; o < end; o++) {
        add(own, o, 0, of.count);
        put(own, o);
      }
    });
    return;
  }
  parallel(parts, [&](i64 part, int) { add(sums + part * slab, 0, of.count * part / parts, of.count * (part + 1) / parts); });
  for (i64 part = 1; part < parts; part++)
    for (i64 j = 0; j < slab; j++) sums[j] += sums[part * slab + j];
  put(sums, 0);
}

template <class T, class Sum> inline void scatter_buckets(const Scatter<T> &of) {
  const i64 columns = minimum(of.inner, SCATTER_BUCKET), across = ceil_div(of.inner, columns);
  const i64 rows = SCATTER_BUCKET / columns, buckets = ceil_div(of.size, rows);
  Scratch scratch;
  i64 *first = scratch.take<i64>(buckets + 2), *order = scratch.take<i64>(of.count);
  for (i64 b = 0; b < buckets + 2; b++) first[b] = 0;
  const auto inside = [&](i64 i) { return of.indices[i] >= 0 && of.indices[i] < of.size; };
  for (i64 i = 0; i < of.count; i++)
    if (inside(i)) first[of.indices[i] / rows + 2]++;
  // List b begins at first[b + 1]; filling it moves that index to its end, so afterwards first[b] is where it begins.
  for (i64 b = 1; b < buckets; b++) first[b + 1] += first[b];
  for (i64 i = 0; i < of.count; i++)
    if (inside(i)) order[first[of.indices[i] / rows + 1]++] = i;
  Sum *all = scratch.take<Sum>(rows * columns * thread_count());
  parallel(of.outer * buckets * across, [&](i64 task, int thread) {
    const i64 column = task % across * columns, width = minimum(columns, of.inner - column);
    const i64 bucket = task / across % buckets, o = task / across / buckets;
    const i64 row = bucket * rows, height = minimum(rows, of.size - row);
    Sum *sums = all + thread * rows * columns;
    for (i64 j = 0; j < height * width; j++) sums[j] = 0;
    for (i64 k = first[bucket]; k < first[bucket + 1]; k++)
      add_row(sums + (of.indices[order[k]] - row) * width, of.update(o, order[k], column), width);
    for (i64 r = 0; r < height; r++)
      for (i64 j = 0; j < width; j++) of.y[(o * of.size + row + r) * of.inner + column + j] = static_cast<T>(sums[r * width + j]);
  });
}

template <class T, class Sum> inline void scatter(const Scatter<T> &of) {
  if (of.size * of.inner <= SCATTER_BUCKET) scatter_whole<T, Sum>(of);
  else scatter_buckets<T, Sum>(of);
}

// indices, updates, y, whether they are floats, outer, number of indices, size, inner. y is not empty.
inline void scatter_add(const f64 *from) {
  Arguments arguments(from);
  const i32 *indices = arguments.pointer<i32>();
  const u8 *updates = arguments.pointer<u8>();
  u8 *y = arguments.pointer<u8>();
  const bool floats = arguments.flag();
  const i64 outer = arguments.integer(), count = arguments.integer(), size = arguments.integer(), inner = arguments.integer();
  if (floats)
    scatter<f32, f64>({indices, reinterpret_cast<const f32 *>(updates), reinterpret_cast<f32 *>(y), outer, count, size, inner});
  else scatter<i32, u32>({indices, reinterpret_cast<const i32 *>(updates), reinterpret_cast<i32 *>(y), outer, count, size, inner});
}

} // namespace SINAPSE_ISA

#define SCATTER_ADD_KERNELS(KERNEL) KERNEL(scatter_add)
