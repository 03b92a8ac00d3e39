// matmul and linear.
#pragma once
#include "base/arguments.h"
#include "gemm/gemm.h"

namespace SINAPSE_ISA {

/** One product for each member of a batch; `a_step` and `b_step` elements lie between members, 0 where one matrix serves all. */
inline void batched_gemm(Gemm g, i64 batch, i64 a_step, i64 b_step) {
  if (b_step == 0 && !g.transpose_a && g.lda == g.k && a_step != 0) {
    // The rows of all members together are the rows of one product.
    g.m *= batch;
    return gemm(g, Epilogue{});
  }
  const auto member = [g, a_step, b_step](i64 i) {
    Gemm one = g;
    one.a += i * a_step;
    one.b += i * b_step;
    one.c += i * g.m * g.n;
    return one;
  };
  const i64 macs = g.m * g.n * maximum<i64>(1, g.k);
  if (batch == 1 || macs > 4 * TASK_MACS) {
    for (i64 i = 0; i < batch; i++) gemm(member(i), Epilogue{});
    return;
  }
  if (macs == 0) return;
  Scratch scratch;
  const i64 size = round_up(gemm_serial_scratch(g), 16);
  const i64 grain = ceil_div(SERIAL_MACS, macs);
  f32 *all = scratch.floats(size * (batch > grain ? thread_count() : 1));
  parallel_ranges(batch, grain, [&](i64 begin, i64 end, int thread) {
    for (i64 i = begin; i < end; i++) gemm_serial(member(i), nullptr, all + thread * size);
  });
}

// a, b, y, batch, 1 if a has a matrix for each member, 1 if b has, m, n, k, 1 if a is transposed, 1 if b is
inline void matmul(const f64 *from) {
  Arguments arguments(from);
  Gemm g{};
  g.a = arguments.pointer<const f32>();
  g.b = arguments.pointer<const f32>();
  g.c = arguments.pointer<f32>();
  const i64 batch = arguments.integer();
  const bool many_a = arguments.flag(), many_b = arguments.flag();
  g.m = arguments.integer();
  g.n = arguments.integer();
  g.k = arguments.integer();
  g.transpose_a = arguments.flag();
  g.transpose_b = arguments.flag();
  g.lda = g.transpose_a ? g.m : g.k;
  g.ldb = g.transpose_b ? g.k : g.n;
  g.ldc = g.n;
  batched_gemm(g, batch, many_a ? g.m * g.k : 0, many_b ? g.k * g.n : 0);
}

// x, weight, bias or null, y, m, n, k, activation, alpha
inline void linear(const f64 *from) {
  Arguments arguments(from);
  Gemm g{};
  g.a = arguments.pointer<const f32>();
  g.b = arguments.pointer<const f32>();
  Epilogue epilogue;
  epilogue.bias = arguments.pointer<const f32>();
  g.c = arguments.pointer<f32>();
  g.m = arguments.integer();
  g.n = g.ldb = g.ldc = arguments.integer();
  g.k = g.lda = arguments.integer();
  epilogue.activation = static_cast<Activation>(arguments.small());
  epilogue.alpha = arguments.scalar();
  gemm(g, epilogue);
}

} // namespace SINAPSE_ISA

#define MATMUL_KERNELS(KERNEL) KERNEL(matmul) KERNEL(linear)
