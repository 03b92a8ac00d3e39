// argReduce: the index of the largest or smallest element along an axis; x is [outer, length, inner].
//
// Along the last axis, a piece's extreme is found first, in vectors; its index is searched only if it improves on the pieces before. Along another
// axis, every column keeps its best value and index in a lane.
#pragma once
#include "reduce/reduce.h"

namespace SINAPSE_ISA {

/** The best of some elements: its value, and its index, -1 before the first one. */
template <class T> struct BestIndex {
  T value;
  i32 index;
};

/** LARGEST: finds the maximum. The first NaN is better than anything. */
template <bool LARGEST, class T> inline bool improves(T value, T best) { return LARGEST ? value > best : value < best; }
template <bool LARGEST> inline bool improves(f32 value, f32 best) {
  return (LARGEST ? value > best : value < best) || (value != value && best == best);
}

template <bool LARGEST, class T> struct ArgReducer {
  using Element = T;
  using Total = BestIndex<T>;
  /** b comes after a. */
  static Total join(Total a, Total b) { return b.index >= 0 && (a.index < 0 || improves<LARGEST>(b.value, a.value)) ? b : a; }
};

template <bool LARGEST> inline f32 extreme_of(const f32 *x, i64 n) { return FloatExtreme<LARGEST ? 1 : -1>::fold(x, n); }
template <bool LARGEST> inline i32 extreme_of(const i32 *x, i64 n) {
  if constexpr (LARGEST) return IntMax::fold(x, n);
  else return IntMin::fold(x, n);
}
template <bool LARGEST> inline u8 extreme_of(const u8 *x, i64 n) {
  if constexpr (LARGEST) return ByteMax::fold(x, n);
  else return ByteMin<255>::fold(x, n);
}

/** The first index of a value that is in x, or of a NaN. Blocks without it are skipped in vectors. */
template <class T> inline i64 index_of(const T *x, i64 n, T value) {
  constexpr i64 block = 32;
  const bool nan = value != value;
  i64 i = 0;
  for (; i + block <= n; i += block) {
    u32 found = 0;
    for (i64 j = 0; j < block; j++) found |= x[i + j] == value || (nan && x[i + j] != x[i + j]);
    if (found) break;
  }
  while (x[i] != value && !(nan && x[i] != x[i])) i++;
  return i;
}

template <bool LARGEST, class T> inline void arg_reduce_rows(const T *x, i64 outer, i64 length, i32 *y) {
  using Total = BestIndex<T>;
  const i64 piece = minimum(length, REDUCE_PIECE), pieces = ceil_div(length, piece);
  reduce_groups<ArgReducer<LARGEST, T>>(
      outer, 1, pieces, piece,
      [&](i64 row, i64 begin, i64 end, Total *total) {
        *total = {T{}, -1};
        for (i64 unit = begin; unit < end; unit++) {
          const T *start = x + row * length + unit * piece;
          const i64 n = minimum(piece, length - unit * piece);
          const T value = extreme_of<LARGEST>(start, n);
          if (total->index >= 0 && !improves<LARGEST>(value, total->value)) continue;
          *total = {value, static_cast<i32>(unit * piece + index_of(start, n, value))};
        }
      },
      [&](i64 row, const Total *total) { y[row] = total->index; });
}

/** Improves the best of `width` columns by one row, whose index is `at`. */
template <bool LARGEST, class T> inline void improve_row(const T *x, i32 at, T *values, i32 *indices, i64 width) {
  for (i64 j = 0; j < width; j++) {
    const bool better = improves<LARGEST>(x[j], values[j]);
    values[j] = better ? x[j] : values[j];
    indices[j] = better ? at : indices[j];
  }
}
template <bool LARGEST> inline void improve_row(const f32 *x, i32 at, f32 *values, i32 *indices, i64 width) {
  i64 j = 0;
  for (; j + WIDTH <= width; j += WIDTH) {
    const vf v = load(x + j), best = load(values + j);
    const vi better = (LARGEST ? v > best : v < best) | ((v != v) & (best == best));
    store(values + j, select(better, v, best));
    store_int(indices + j, select_int(better, splat_int(at), load_int(indices + j)));
  }
  for (; j < width; j++)
    if (improves<LARGEST>(x[j], values[j])) {
      values[j] = x[j];
      indices[j] = at;
    }
}

template <bool LARGEST, class T> inline void arg_reduce_columns(const T *x, i64 outer, i64 length, i64 inner, i32 *y) {
  using Total = BestIndex<T>;
  const i64 width = minimum(inner, REDUCE_LANES), across = ceil_div(inner, width);
  reduce_groups<ArgReducer<LARGEST, T>>(
      outer * across, width, length, width,
      [&](i64 group, i64 begin, i64 end, Total *totals) {
        const i64 column = group % across * width, columns = minimum(width, inner - column);
        const T *start = x + group / across * length * inner + column;
        T values[REDUCE_LANES];
        i32 indices[REDUCE_LANES];
        for (i64 j = 0; j < columns; j++) {
          values[j] = start[begin * inner + j];
          indices[j] = static_cast<i32>(begin);
        }
        for (i64 i = begin + 1; i < end; i++) improve_row<LARGEST>(start + i * inner, static_cast<i32>(i), values, indices, columns);
        for (i64 j = 0; j < columns; j++) totals[j] = {values[j], indices[j]};
      },
      [&](i64 group, const Total *totals) {
        const i64 column = group % across * width, columns = minimum(width, inner - column);
        for (i64 j = 0; j < columns; j++) y[group / across * inner + column + j] = totals[j].index;
      });
}

template <bool LARGEST, class T> inline void arg_reduce_typed(const void *x, i64 outer, i64 length, i64 inner, i32 *y) {
  if (inner == 1) arg_reduce_rows<LARGEST>(static_cast<const T *>(x), outer, length, y);
  else arg_reduce_columns<LARGEST>(static_cast<const T *>(x), outer, length, inner, y);
}

template <bool LARGEST> inline void arg_reduce_as(int dtype, const void *x, i64 outer, i64 length, i64 inner, i32 *y) {
  if (dtype == FLOAT32) arg_reduce_typed<LARGEST, f32>(x, outer, length, inner, y);
  else if (dtype == INT32) arg_reduce_typed<LARGEST, i32>(x, outer, length, inner, y);
  else arg_reduce_typed<LARGEST, u8>(x, outer, length, inner, y);
}

// x, y (not empty), dtype, whether the largest is wanted, outer, length, inner
inline void arg_reduce(const f64 *from) {
  Arguments arguments(from);
  const void *x = arguments.pointer<u8>();
  i32 *y = arguments.pointer<i32>();
  const int dtype = arguments.small();
  const bool largest = arguments.flag();
  const i64 outer = arguments.integer(), length = arguments.integer(), inner = arguments.integer();
  if (largest) arg_reduce_as<true>(dtype, x, outer, length, inner, y);
  else arg_reduce_as<false>(dtype, x, outer, length, inner, y);
}

} // namespace SINAPSE_ISA

#define ARG_REDUCE_KERNELS(KERNEL) KERNEL(arg_reduce)
