// reduce: sums, products and extremes over any axes; norm.
//
// x is walked in the order of its addresses as far as possible: if its last axis is reduced, runs of it are folded; if it is kept, its rows are
// merged into lanes. The shape determines how the terms of a result are cut into parts, and parts are joined in order.
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "base/loops.h"
#include "reduce/reducers.h"

namespace SINAPSE_ISA {

/** Elements that are worth a task, and elements of a piece that one fold takes. */
constexpr i64 REDUCE_GRAIN = 1 << 16, REDUCE_PIECE = 1 << 13;
/** Enough tasks for many threads; with fewer results, the terms of each are cut into parts. */
constexpr i64 REDUCE_TASKS = 64;
/** Lanes into which rows are merged at once, and the fewest lanes if neighbouring rows can be merged as one. */
constexpr i64 REDUCE_LANES = 512, REDUCE_FEW_LANES = 64;

/**
 * Computes every result from its terms. There are `groups` groups of `width` results; each group has `units` pieces of `elements` elements:
 * fold(group, first unit, last unit, totals of `width`), then put(group, totals).
 */
template <class Reducer, class Fold, class Put>
inline void reduce_groups(i64 groups, i64 width, i64 units, i64 elements, const Fold &fold, const Put &put) {
  using Total = typename Reducer::Total;
  const i64 work = maximum<i64>(1, units * elements);
  const i64 parts = maximum<i64>(1, minimum(minimum(units, work / REDUCE_GRAIN), REDUCE_TASKS / groups));
  Scratch scratch;
  if (parts == 1) {
    Total *totals = scratch.take<Total>(width * thread_count());
    parallel_ranges(groups, ceil_div(REDUCE_GRAIN, work), [&](i64 begin, i64 end, int thread) {
      for (i64 group = begin; group < end; group++) {
        fold(group, 0, units, totals + thread * width);
        put(group, totals + thread * width);
      }
    });
    return;
  }
  Total *totals = scratch.take<Total>(groups * parts * width);
  parallel(groups * parts, [&](i64 task, int) {
    const i64 part = task % parts;
    fold(task / parts, units * part / parts, units * (part + 1) / parts, totals + task * width);
  });
  for (i64 group = 0; group < groups; group++) {
    Total *first = totals + group * parts * width;
    for (i64 part = 1; part < parts; part++)
      for (i64 i = 0; i < width; i++) first[i] = Reducer::join(first[i], first[part * width + i]);
    put(group, first);
  }
}

/** The last axis, of `length`, is reduced, and so are the loops of `reduced`. */
template <class Reducer, class T>
inline void reduce_runs(const Loops &kept, const Loops &reduced, i64 length, const typename Reducer::Element *x, T *y) {
  const i64 piece = minimum(length, REDUCE_PIECE), pieces = ceil_div(length, piece);
  reduce_groups<Reducer>(
      kept.steps(), 1, reduced.steps() * pieces, piece,
      [&](i64 group, i64 begin, i64 end, typename Reducer::Total *total) {
        const auto *start = x + Odometer(kept, group).x;
        Odometer at(reduced, begin / pieces);
        i64 first = begin % pieces * piece;
        *total = Reducer::initial;
        for (i64 unit = begin; unit < end; unit++) {
          *total = Reducer::join(*total, Reducer::fold(start + at.x + first, minimum(piece, length - first)));
          first += piece;
          if (first >= length) {
            first = 0;
            at.next();
          }
        }
      },
      [&](i64 group, const typename Reducer::Total *total) { y[group] = static_cast<T>(*total); });
}

/** Merges rows of `width` elements, numbers `begin` to `end` - 1, into totals; their lanes are emptied every REDUCE_BLOCK rows. */
template <class Reducer>
inline void merge_rows(const Loops &reduced, i64 begin, i64 end, const typename Reducer::Element *x, i64 width, typename Reducer::Total *totals) {
  typename Reducer::Lane lanes[REDUCE_LANES];
  Odometer at(reduced, begin);
  while (begin < end) {
    const i64 block = minimum(end, begin + REDUCE_BLOCK);
    for (i64 i = 0; i < width; i++) lanes[i] = Reducer::empty_lane;
    for (; begin < block; begin++, at.next()) Reducer::merge(lanes, x + at.x, width);
    for (i64 i = 0; i < width; i++) totals[i] = Reducer::join(totals[i], static_cast<typename Reducer::Total>(lanes[i]));
  }
}

/** The last axis, of `length`, is kept; the loops of `reduced` go over its rows, the innermost from row to row. */
template <class Reducer, class T>
inline void reduce_rows(const Loops &kept, Loops reduced, i64 length, const typename Reducer::Element *x, T *y) {
  using Total = typename Reducer::Total;
  const i64 width = minimum(length, REDUCE_LANES), across = ceil_div(length, width);
  // Several short neighbouring rows are merged as one row, whose pieces are joined in the end.
  const int last = reduced.count - 1;
  const i64 wanted = maximum<i64>(1, REDUCE_FEW_LANES / length);
  const i64 neighbours = reduced.length[last] >= 2 * wanted ? wanted : 1;
  const i64 rest = reduced.length[last] % neighbours;
  Loops single = reduced;
  single.length[last] = rest;
  reduced.length[last] /= neighbours;
  reduced.x[last] *= neighbours;
  const i64 rest_at = reduced.length[last] * reduced.x[last];
  reduce_groups<Reducer>(
      kept.steps() * across, width, reduced.steps(), width * neighbours,
      [&](i64 group, i64 begin, i64 end, Total *totals) {
        const i64 column = group % across * width, columns = minimum(width, length - column);
        const auto *start = x + Odometer(kept, group / across).x + column;
        Total wide[REDUCE_FEW_LANES];
        Total *into = neighbours == 1 ? totals : wide;
        for (i64 i = 0; i < columns * neighbours; i++) into[i] = Reducer::initial;
        merge_rows<Reducer>(reduced, begin, end, start, columns * neighbours, into);
        if (neighbours == 1) return;
        for (i64 i = 0; i < columns; i++) totals[i] = wide[i];
        for (i64 i = columns; i < columns * neighbours; i++) totals[i % columns] = Reducer::join(totals[i % columns], wide[i]);
        // The first part also takes the rows left over, too few for a wide one.
        if (rest > 0 && begin == 0) merge_rows<Reducer>(single, 0, single.steps(), start + rest_at, columns, totals);
      },
      [&](i64 group, const Total *totals) {
        const i64 column = group % across * width, columns = minimum(width, length - column);
        for (i64 i = 0; i < columns; i++) y[group / across * length + column + i] = static_cast<T>(totals[i]);
      });
}

template <class Reducer, class T> inline void reduce_with(const Loops &loops, i64 x_size, i64 y_size, const void *x, void *y) {
  const auto *from = static_cast<const typename Reducer::Element *>(x);
  T *to = static_cast<T *>(y);
  if (x_size == 0) {
    for (i64 i = 0; i < y_size; i++) to[i] = static_cast<T>(Reducer::initial);
    return;
  }
  Loops kept, reduced;
  for (int i = 0; i < loops.count; i++) (loops.y[i] == 0 ? reduced : kept).add(loops.length[i], loops.x[i], loops.y[i]);
  const int last = loops.count - 1;
  if (last < 0) {
    reduce_runs<Reducer>(kept, reduced, 1, from, to);
  } else if (loops.y[last] == 0) {
    reduced.drop_last();
    reduce_runs<Reducer>(kept, reduced, loops.length[last], from, to);
  } else if (reduced.count == 0) {
    for (i64 i = 0; i < y_size; i++) to[i] = static_cast<T>(from[i]);
  } else {
    kept.drop_last();
    reduce_rows<Reducer>(kept, reduced, loops.length[last], from, to);
  }
}

// x, y, size of x, size of y (not 0), dtype, operation, rank, for each axis: length, stride in x, stride in y (0 where it is reduced).
inline void reduce(const f64 *from) {
  Arguments arguments(from);
  const void *x = arguments.pointer<u8>();
  void *y = arguments.pointer<u8>();
  const i64 x_size = arguments.integer(), y_size = arguments.integer();
  const int dtype = arguments.small(), operation = arguments.small();
  Loops loops;
  if (x_size > 0) {
    loops = read_loops(arguments);
    loops.join();
  }
  switch (dtype * 4 + operation) {
  case FLOAT32 * 4 + REDUCE_SUM: return reduce_with<FloatSum, f32>(loops, x_size, y_size, x, y);
  case FLOAT32 * 4 + REDUCE_PROD: return reduce_with<FloatProd, f32>(loops, x_size, y_size, x, y);
  case FLOAT32 * 4 + REDUCE_MAX: return reduce_with<FloatExtreme<1>, f32>(loops, x_size, y_size, x, y);
  case FLOAT32 * 4 + REDUCE_MIN: return reduce_with<FloatExtreme<-1>, f32>(loops, x_size, y_size, x, y);
  case INT32 * 4 + REDUCE_SUM: return reduce_with<IntSum, u32>(loops, x_size, y_size, x, y);
  case INT32 * 4 + REDUCE_PROD: return reduce_with<IntProd, u32>(loops, x_size, y_size, x, y);
  case INT32 * 4 + REDUCE_MAX: return reduce_with<IntMax, i32>(loops, x_size, y_size, x, y);
  case INT32 * 4 + REDUCE_MIN: return reduce_with<IntMin, i32>(loops, x_size, y_size, x, y);
  case UINT8 * 4 + REDUCE_MAX:
  case BOOL * 4 + REDUCE_MAX: return reduce_with<ByteMax, u8>(loops, x_size, y_size, x, y);
  case UINT8 * 4 + REDUCE_MIN: return reduce_with<ByteMin<255>, u8>(loops, x_size, y_size, x, y);
  case BOOL * 4 + REDUCE_MIN: return reduce_with<ByteMin<1>, u8>(loops, x_size, y_size, x, y);
  }
}

// As reduce; the operation is not read.
inline void norm(const f64 *from) {
  Arguments arguments(from);
  const void *x = arguments.pointer<u8>();
  void *y = arguments.pointer<u8>();
  const i64 x_size = arguments.integer(), y_size = arguments.integer();
  arguments.skip(2);
  Loops loops;
  if (x_size > 0) {
    loops = read_loops(arguments);
    loops.join();
  }
  reduce_with<FloatSquares, Norm>(loops, x_size, y_size, x, y);
}

} // namespace SINAPSE_ISA

#define REDUCE_KERNELS(KERNEL)                                                                                                           \
  KERNEL(reduce)                                                                                                                         \
  KERNEL(norm)
