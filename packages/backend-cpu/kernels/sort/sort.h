// sort: values and indices along the last axis, stable, NaN last. Each short row is sorted by one task. A long row is cut into pieces, which are
// sorted and then merged two by two, by as many tasks as there are pieces.
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "sort/items.h"

namespace SINAPSE_ISA {

/** Elements that are worth a task, and elements of a piece of a long row. */
constexpr i64 SORT_GRAIN = 1 << 12, SORT_PIECE = 1 << 16;

template <class T> inline void put_sorted(const u64 *items, i64 from, i64 to, const T *x, T *values, i32 *indices) {
  for (i64 i = from; i < to; i++) {
    const i32 index = static_cast<i32>(items[i]);
    values[i] = x[index];
    indices[i] = index;
  }
}

template <class T> inline void sort_long_row(const T *x, i64 length, bool descending, u64 *items, u64 *spare, T *values, i32 *indices) {
  const i64 pieces = ceil_div(length, SORT_PIECE);
  const auto for_each_piece = [&](const auto &body) {
    parallel(pieces, [&](i64 piece, int) { body(piece * SORT_PIECE, minimum(length, (piece + 1) * SORT_PIECE)); });
  };
  for_each_piece([&](i64 from, i64 to) {
    make_items(x, from, to, descending, items);
    sort_items(items + from, spare + from, to - from);
  });
  for (i64 run = SORT_PIECE; run < length; run *= 2) {
    for_each_piece([&](i64 from, i64 to) {
      const i64 start = from / (2 * run) * (2 * run), middle = minimum(length, start + run), end = minimum(length, start + 2 * run);
      merge_items(items + start, middle - start, items + middle, end - middle, from - start, to - start, spare + start);
    });
    u64 *const other = items;
    items = spare;
    spare = other;
  }
  for_each_piece([&](i64 from, i64 to) { put_sorted(items, from, to, x, values, indices); });
}

template <class T> inline void sort_rows(const T *x, i64 rows, i64 length, bool descending, T *values, i32 *indices) {
  const bool long_rows = length > SORT_PIECE && rows < 64;
  Scratch scratch;
  u64 *room = scratch.take<u64>(2 * length * (long_rows ? 1 : thread_count()));
  if (long_rows) {
    for (i64 row = 0; row < rows; row++)
      sort_long_row(x + row * length, length, descending, room, room + length, values + row * length, indices + row * length);
    return;
  }
  parallel_ranges(rows, ceil_div(SORT_GRAIN, length), [&](i64 begin, i64 end, int thread) {
    u64 *items = room + 2 * length * thread;
    for (i64 row = begin; row < end; row++) {
      make_items(x + row * length, 0, length, descending, items);
      sort_items(items, items + length, length);
      put_sorted(items, 0, length, x + row * length, values + row * length, indices + row * length);
    }
  });
}

// x, values, indices, whether x has floats, descending, rows, length (not 0)
inline void sort(const f64 *from) {
  Arguments arguments(from);
  const u8 *x = arguments.pointer<u8>();
  u8 *values = arguments.pointer<u8>();
  i32 *indices = arguments.pointer<i32>();
  const bool floats = arguments.flag(), descending = arguments.flag();
  const i64 rows = arguments.integer(), length = arguments.integer();
  if (floats) sort_rows(reinterpret_cast<const f32 *>(x), rows, length, descending, reinterpret_cast<f32 *>(values), indices);
  else sort_rows(reinterpret_cast<const i32 *>(x), rows, length, descending, reinterpret_cast<i32 *>(values), indices);
}

} // namespace SINAPSE_ISA

#define SORT_KERNELS(KERNEL) KERNEL(sort)
