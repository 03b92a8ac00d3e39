// A matrix product with few results and long sums, like the gradient of a weight, or with few rows. It is cut along k into slabs, so that all threads
// have work and each reads whole rows of B. Each slab gives a matrix of partial sums; these are added in order.
#pragma once
#include "base/host.h"
#include "gemm/serial.h"

namespace SINAPSE_ISA {

/** Products with fewer multiplications stay on the calling thread. */
constexpr i64 SERIAL_MACS = 1 << 19;
/** Multiplications that are worth a task of their own. */
constexpr i64 TASK_MACS = 1 << 20;

/** Tasks for `macs` multiplications: a few for small products; for large ones, enough to keep many threads evenly busy. */
inline i64 tasks_wanted(i64 macs) { return maximum<i64>(1, maximum(minimum<i64>(8, macs / TASK_MACS), minimum<i64>(64, macs / (8 * TASK_MACS)))); }

/** The most elements of partial sums in all slabs: 16 MB. */
constexpr i64 PARTIAL_SIZE = 1 << 22;

/** Tasks for a product with few rows. Reading B from memory is slow, so a task has fewer multiplications. */
inline i64 few_rows_tasks(const Gemm &g) { return maximum<i64>(1, minimum<i64>(64, 4 * g.m * g.n * g.k / TASK_MACS)); }

/** The number of slabs: 1 where C alone has enough blocks. */
inline i64 slabs_wanted(const Gemm &g) {
  // A slab writes and reads its sums. This pays from 128 rows of B on, for up to 4 rows of A; with 8 it is slower if B is in the caches.
  if (has_few_rows(g) && g.m <= FEWER_ROWS && !g.transpose_b)
    return maximum<i64>(1, minimum(minimum(few_rows_tasks(g), g.k / 128), PARTIAL_SIZE / (g.m * g.n)));
  const i64 wanted = tasks_wanted(g.m * g.n * g.k);
  const i64 blocks = ceil_div(g.m, 48) * ceil_div(g.n, 128);
  if (2 * blocks >= wanted) return 1;
  // 1024 steps of a slab cost a hundred times its share of the final sum.
  return maximum<i64>(1, minimum(minimum(wanted, g.k / 1024), PARTIAL_SIZE / (g.m * g.n)));
}

inline Gemm slab_of(const Gemm &g, Range steps, f32 *partial) {
  Gemm slab = g;
  slab.a += steps.begin * (g.transpose_a ? g.lda : 1);
  slab.b += steps.begin * (g.transpose_b ? 1 : g.ldb);
  slab.k = steps.count();
  slab.c = partial;
  slab.ldc = g.n;
  return slab;
}

inline void gemm_split(const Gemm &g, const Epilogue &epilogue, i64 slabs) {
  Scratch scratch;
  const Cut cut{g.k, slabs};
  const i64 size = round_up(g.m * g.n, 16);
  f32 *const partial = scratch.floats(size * slabs);
  Gemm longest = g;
  longest.k = ceil_div(g.k, slabs);
  const i64 own_size = gemm_serial_scratch(longest);
  f32 *const own = scratch.floats(own_size * thread_count());
  parallel(slabs, [&](i64 slab, int thread) {
    gemm_serial(slab_of(g, cut[slab], partial + slab * size), nullptr, own + thread * own_size);
  });
  const i64 grain = ceil_div(1 << 17, slabs * g.n);
  parallel_ranges(g.m, grain, [&](i64 begin, i64 end, int) {
    constexpr int STRIP = 16 * WIDTH;
    alignas(64) f32 sum[STRIP];
    for (i64 row = begin; row < end; row++) {
      for (i64 column = 0; column < g.n; column += STRIP) {
        const isize columns = static_cast<isize>(minimum<i64>(STRIP, g.n - column));
        for (isize j = 0; j < columns; j += WIDTH) {
          const f32 *from = partial + row * g.n + column + j;
          vf x{};
          for (i64 slab = 0; slab < slabs; slab++, from += size)
            x += columns - j >= WIDTH ? load(from) : load_part(from, columns - j);
          store(sum + j, x);
        }
        finish_in_memory(sum, 1, STRIP,
                         {g.c + row * g.ldc + column, static_cast<isize>(g.ldc), columns, false, &epilogue, static_cast<isize>(row),
                          static_cast<isize>(column)});
      }
    }
  });
}

} // namespace SINAPSE_ISA
