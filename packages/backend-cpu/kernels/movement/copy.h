// Copies elements from one layout to another: transposition, slices, concatenation. The order matters: y is written along its rows. Where the rows of
// x run across them, both are cut into square tiles that fit into the nearest cache. Blocks of a tile, as wide as a cache line, are transposed in
// registers, so that each line is read and written once.
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "base/loops.h"
#include "base/unroll.h"
#include "base/vector.h"
#include "movement/run.h"

namespace SINAPSE_ISA {

/** The edges of tiles and of blocks, in elements. */
constexpr i64 TRANSPOSE_TILE = 64, TRANSPOSE_BLOCK = 16;

/** Alternates the elements of two vectors: a0 b0 a1 b1 … in two halves. */
inline void interleave(vi a, vi b, vi &low, vi &high) {
#if SINAPSE_WIDTH == 4
#define LOW 0, 4, 1, 5
#define HIGH 2, 6, 3, 7
#elif SINAPSE_WIDTH == 8
#define LOW 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif
  low = __builtin_shufflevector(a, b, LOW);
  high = __builtin_shufflevector(a, b, HIGH);
#undef LOW
#undef HIGH
}

/** Transposes a square of WIDTH by WIDTH in log2(WIDTH) rounds, each of which alternates the first half of the rows with the second. */
inline void transpose_square(const i32 *x, i64 x_stride, i32 *y, i64 y_stride) {
  vi rows[WIDTH], mixed[WIDTH];
  SINAPSE_UNROLL for (int i = 0; i < WIDTH; i++) rows[i] = load_int(x + i * x_stride);
  SINAPSE_UNROLL for (int round = 1; round < WIDTH; round *= 2) {
    SINAPSE_UNROLL for (int i = 0; i < WIDTH / 2; i++) interleave(rows[i], rows[i + WIDTH / 2], mixed[2 * i], mixed[2 * i + 1]);
    SINAPSE_UNROLL for (int i = 0; i < WIDTH; i++) rows[i] = mixed[i];
  }
  SINAPSE_UNROLL for (int i = 0; i < WIDTH; i++) store_int(y + i * y_stride, rows[i]);
}

/** y[i * y_stride + j] = x[j * x_stride + i] for i < rows, j < columns. */
template <class T> inline void transpose_plain(const T *x, i64 x_stride, T *y, i64 y_stride, i64 rows, i64 columns) {
  for (i64 i = 0; i < rows; i++)
    for (i64 j = 0; j < columns; j++) y[i * y_stride + j] = x[j * x_stride + i];
}

inline void transpose_tile(const u8 *x, i64 x_stride, u8 *y, i64 y_stride, i64 rows, i64 columns) {
  transpose_plain(x, x_stride, y, y_stride, rows, columns);
}

inline void transpose_tile(const i32 *x, i64 x_stride, i32 *y, i64 y_stride, i64 rows, i64 columns) {
  const i64 whole_rows = rows - rows % TRANSPOSE_BLOCK, whole_columns = columns - columns % TRANSPOSE_BLOCK;
  for (i64 i = 0; i < whole_rows; i += TRANSPOSE_BLOCK)
    for (i64 j = 0; j < whole_columns; j += TRANSPOSE_BLOCK)
      for (i64 jj = j; jj < j + TRANSPOSE_BLOCK; jj += WIDTH)
        for (i64 ii = i; ii < i + TRANSPOSE_BLOCK; ii += WIDTH) transpose_square(x + jj * x_stride + ii, x_stride, y + ii * y_stride + jj, y_stride);
  transpose_plain(x + whole_columns * x_stride, x_stride, y + whole_columns, y_stride, whole_rows, columns - whole_columns);
  transpose_plain(x + whole_rows, x_stride, y + whole_rows * y_stride, y_stride, rows - whole_rows, columns);
}

/** Cuts the steps of the outer loops, each of which has `inside` pieces of `elements` elements, into tasks: body(x offset, y offset, piece). */
template <class Body> inline void for_each_piece(const Loops &outside, i64 inside, i64 elements, const Body &body) {
  parallel_ranges(outside.steps() * inside, ceil_div(MOVEMENT_GRAIN, elements), [&](i64 begin, i64 end, int) {
    Odometer at(outside, begin / inside);
    i64 piece = begin % inside;
    for (i64 i = begin; i < end; i++) {
      body(at.x, at.y, piece);
      if (++piece == inside) {
        piece = 0;
        at.next();
      }
    }
  });
}

/** For tensors whose rows lie in the same direction. */
template <class T> inline void copy_rows(const Loops &outside, i64 length, const T *x, T *y) {
  const i64 most = minimum(length, MOVEMENT_GRAIN);
  for_each_piece(outside, ceil_div(length, most), most, [&](i64 x_at, i64 y_at, i64 piece) {
    const i64 first = piece * most;
    copy_run(y + y_at + first, x + x_at + first, minimum(most, length - first));
  });
}

/** For rows of x that are columns of y. `rows` and `columns` are those of y; x steps from column to column, y from row to row. */
template <class T> inline void copy_transposed(const Loops &outside, i64 rows, i64 columns, i64 x_stride, i64 y_stride, const T *x, T *y) {
  const i64 across = ceil_div(columns, TRANSPOSE_TILE), tiles = ceil_div(rows, TRANSPOSE_TILE) * across;
  for_each_piece(outside, tiles, minimum(rows, TRANSPOSE_TILE) * minimum(columns, TRANSPOSE_TILE), [&](i64 x_at, i64 y_at, i64 tile) {
    const i64 i = tile / across * TRANSPOSE_TILE, j = tile % across * TRANSPOSE_TILE;
    transpose_tile(x + x_at + j * x_stride + i, x_stride, y + y_at + i * y_stride + j, y_stride, minimum(TRANSPOSE_TILE, rows - i),
                   minimum(TRANSPOSE_TILE, columns - j));
  });
}

/** For any strides. */
template <class T> inline void copy_scattered(const Loops &outside, i64 length, i64 x_stride, i64 y_stride, const T *x, T *y) {
  const i64 most = minimum(length, MOVEMENT_GRAIN);
  for_each_piece(outside, ceil_div(length, most), most, [&](i64 x_at, i64 y_at, i64 piece) {
    const i64 first = piece * most, end = minimum(length, first + most);
    for (i64 i = first; i < end; i++) y[y_at + i * y_stride] = x[x_at + i * x_stride];
  });
}

template <class T> inline void copy_elements(Loops loops, const T *x, T *y) {
  if (loops.count == 0) loops.add(1, 1, 1);
  const int last = loops.count - 1;
  const i64 length = loops.length[last], x_stride = loops.x[last], y_stride = loops.y[last];
  loops.drop_last();
  if (x_stride == 1 && y_stride == 1) return copy_rows(loops, length, x, y);
  if (y_stride == 1)
    for (int i = 0; i < loops.count; i++)
      if (loops.x[i] == 1) {
        const i64 rows = loops.length[i], row_stride = loops.y[i];
        loops.remove(i);
        return copy_transposed(loops, rows, length, x_stride, row_stride, x, y);
      }
  copy_scattered(loops, length, x_stride, y_stride, x, y);
}

// x, y, bytes of an element, rank, for each axis: length, stride in x, stride in y. The order of the axes does not matter; no length is 0.
inline void copy(const f64 *from) {
  Arguments arguments(from);
  const u8 *x = arguments.pointer<u8>();
  u8 *y = arguments.pointer<u8>();
  const int bytes = arguments.small();
  Loops loops = read_loops(arguments);
  loops.sort_by_y();
  loops.join();
  if (bytes == 1) copy_elements(loops, x, y);
  else copy_elements(loops, reinterpret_cast<const i32 *>(x), reinterpret_cast<i32 *>(y));
}

} // namespace SINAPSE_ISA

#define COPY_KERNELS(KERNEL) KERNEL(copy)
