// A product with one row, or a few: most of the time goes into reading B once. So B is not packed but read row after row.
#pragma once
#include "gemm/block.h"

namespace SINAPSE_ISA {

/** The most rows of A. FEWER_ROWS holds where B stays in the caches: with more rows, tiles are faster there. */
constexpr int FEW_ROWS = 8, FEWER_ROWS = 4;
/** The most elements of a B that stays in the caches. */
constexpr i64 CACHED = 1 << 18;
/** Sums that stay in a level 1 cache while the rows of B go by. Many columns mean a long piece of each row, which memory delivers fastest. */
constexpr int SWEEP_SUMS = 4096;
template <int ROWS> constexpr int SWEEP_COLUMNS = SWEEP_SUMS / ROWS / WIDTH * WIDTH;
/** Rows of B that are read together. */
constexpr int SWEEP_ROWS = 4;

/** Whether A has few rows and B long rows in memory. With a transposed B, the rows of A must lie along memory too. */
inline bool has_few_rows(const Gemm &g) {
  if (g.m > (g.k * g.n <= CACHED ? FEWER_ROWS : FEW_ROWS)) return false;
  if (!g.transpose_b) return g.n >= 2 * WIDTH;
  return g.k >= 2 * WIDTH && (!g.transpose_a || (g.m == 1 && g.lda == 1));
}

/** sum += A B for `count` columns and COUNT rows of B from step `t` on. */
template <int ROWS, int COUNT>
inline void sweep_rows(const Gemm &g, i64 t, i64 column, isize count, f32 (*sum)[SWEEP_COLUMNS<ROWS>]) {
  vf left[ROWS][COUNT];
  const f32 *right[COUNT];
  for (int q = 0; q < COUNT; q++) {
    right[q] = g.b + (t + q) * g.ldb + column;
    for (int i = 0; i < ROWS; i++) left[i][q] = splat(g.transpose_a ? g.a[(t + q) * g.lda + i] : g.a[i * g.lda + t + q]);
  }
  const auto add = [&](isize j, auto read) __attribute__((always_inline)) {
    vf b[COUNT];
    for (int q = 0; q < COUNT; q++) b[q] = read(right[q] + j);
    for (int i = 0; i < ROWS; i++) {
      vf x = load(sum[i] + j);
      for (int q = 0; q < COUNT; q++) x = fma(left[i][q], b[q], x);
      store(sum[i] + j, x);
    }
  };
  isize j = 0;
  for (; j + WIDTH <= count; j += WIDTH) add(j, [](const f32 *p) __attribute__((always_inline)) { return load(p); });
  if (j < count) add(j, [&](const f32 *p) __attribute__((always_inline)) { return load_part(p, count - j); });
}

/** Adds up the products of all rows of B with elements of A, many columns at once. */
template <int ROWS> __attribute__((noinline)) void sweep(const Gemm &g, Range columns, const Epilogue *epilogue) {
  constexpr int COLUMNS = SWEEP_COLUMNS<ROWS>;
  alignas(64) f32 sum[ROWS][COLUMNS];
  for (i64 column = columns.begin; column < columns.end; column += COLUMNS) {
    const isize count = static_cast<isize>(minimum<i64>(COLUMNS, columns.end - column));
    for (int i = 0; i < ROWS; i++) __builtin_memset(sum[i], 0, static_cast<__SIZE_TYPE__>(round_up(count, WIDTH) * 4));
    i64 t = 0;
    for (; t + SWEEP_ROWS <= g.k; t += SWEEP_ROWS) sweep_rows<ROWS, SWEEP_ROWS>(g, t, column, count, sum);
    for (; t < g.k; t++) sweep_rows<ROWS, 1>(g, t, column, count, sum);
    finish_in_memory(sum[0], ROWS, COLUMNS, {g.c + column, static_cast<isize>(g.ldc), count, false, epilogue, 0, static_cast<isize>(column)});
  }
}

/** Dot products of the rows of A with `COUNT` rows of a transposed B. */
template <int ROWS, int COUNT> inline void dots(const Gemm &g, i64 column, f32 (*out)[WIDTH]) {
  vf sums[ROWS][COUNT];
  clear(sums);
  const f32 *right[COUNT];
  for (int q = 0; q < COUNT; q++) right[q] = g.b + (column + q) * g.ldb;
  const auto add = [&](auto read) __attribute__((always_inline)) {
    vf b[COUNT];
    for (int q = 0; q < COUNT; q++) b[q] = read(right[q]);
    for (int i = 0; i < ROWS; i++) {
      const vf a = read(g.a + i * g.lda);
      for (int q = 0; q < COUNT; q++) sums[i][q] = fma(a, b[q], sums[i][q]);
    }
  };
  i64 t = 0;
  for (; t + WIDTH <= g.k; t += WIDTH) add([&](const f32 *p) __attribute__((always_inline)) { return load(p + t); });
  if (t < g.k) add([&](const f32 *p) __attribute__((always_inline)) { return load_part(p + t, g.k - t); });
  for (int i = 0; i < ROWS; i++)
    for (int q = 0; q < COUNT; q++) out[i][q] = ::SINAPSE_ISA::sum(sums[i][q]);
}

template <int ROWS> inline void dot_columns(const Gemm &g, Range columns, const Epilogue *epilogue) {
  constexpr int COUNT = ROWS <= 2 ? 4 : ROWS <= 4 ? 2 : 1;
  alignas(64) f32 out[ROWS][WIDTH];
  for (i64 column = columns.begin; column < columns.end; column += COUNT) {
    const isize count = static_cast<isize>(minimum<i64>(COUNT, columns.end - column));
    if (count == COUNT) dots<ROWS, COUNT>(g, column, out);
    else
      for (isize q = 0; q < count; q++) {
        f32 one[ROWS][WIDTH];
        dots<ROWS, 1>(g, column + q, one);
        for (int i = 0; i < ROWS; i++) out[i][q] = one[i][0];
      }
    finish_in_memory(out[0], ROWS, WIDTH, {g.c + column, static_cast<isize>(g.ldc), count, false, epilogue, 0, static_cast<isize>(column)});
  }
}

template <int ROWS = FEW_ROWS> inline void multiply_few_rows(const Gemm &g, Range columns, const Epilogue *epilogue) {
  if (g.m == ROWS) return g.transpose_b ? dot_columns<ROWS>(g, columns, epilogue) : sweep<ROWS>(g, columns, epilogue);
  if constexpr (ROWS > 1) multiply_few_rows<ROWS - 1>(g, columns, epilogue);
}

} // namespace SINAPSE_ISA
