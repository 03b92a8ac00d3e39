// biasActivation: y = activation(x + bias), and its gradient.
#pragma once
#include "base/activation.h"
#include "base/arguments.h"
#include "elementwise/loops.h"

namespace SINAPSE_ISA {

/** Shorter rows are joined into one longer row, so that vectors are full. */
constexpr i64 SHORT_ROW = 64;

/** How many rows are joined. */
inline i64 rows_together(i64 channels) { return channels < SHORT_ROW ? ceil_div(SHORT_ROW, maximum<i64>(channels, 1)) : 1; }

// x, bias or null, y, size, channels, activation, alpha
inline void biasActivation(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<f32>();
  const f32 *bias = arguments.pointer<f32>();
  f32 *y = arguments.pointer<f32>();
  const i64 size = arguments.integer();
  const i64 channels = arguments.integer();
  const int activation = arguments.small();
  const vf alpha = splat(arguments.scalar());
  const i64 grain = activation <= LEAKY_RELU ? MEMORY_GRAIN : FUNCTION_GRAIN;

  with_activation(activation, [&](auto constant) {
    const auto act = [&](vf v) { return activate<decltype(constant)::activation>(v, alpha); };
    if (bias == nullptr) {
      parallel_ranges(size, grain, [&](i64 begin, i64 end, int) { map_vectors(act, end - begin, y + begin, x + begin); });
      return;
    }
    // Joined rows need as many copies of the bias.
    const i64 together = rows_together(channels), length = together * channels;
    f32 copies[2 * SHORT_ROW];
    if (together > 1) {
      for (i64 i = 0; i < length; i++) copies[i] = bias[i % channels];
    }
    const f32 *row_bias = together > 1 ? copies : bias;
    const i64 step = maximum<i64>(1, grain / maximum<i64>(1, length)) * length;
    parallel_ranges(size, step, [&](i64 begin, i64 end, int) {
      for (i64 row = begin; row < end; row += length) {
        map_vectors([&](vf v, vf b) { return act(v + b); }, minimum(length, end - row), y + row, x + row, row_bias);
      }
    });
  });
}

/** to += from */
__attribute__((noinline)) inline void add_row(f32 *to, const f32 *from, i64 n) {
  map_vectors([](vf a, vf b) { return a + b; }, n, to, to, from);
}

/** Rows of y and dy, and the rows of dx computed from them; `stride` elements lie between the starts of rows. */
struct GradRows {
  const f32 *y, *dy;
  f32 *dx;
  i64 rows, stride, length;
};

/** Computes dx, and in `sums` the sums of its columns. Sums of 128 rows at a time go to `block_sums`, so that the error grows more slowly. */
template <class Grad> __attribute__((noinline)) inline void grad_and_sums(const Grad &grad, const GradRows &part, f32 *sums, f32 *block_sums) {
  constexpr i64 BLOCK = 128;
  const i64 length = part.length;
  for (i64 c = 0; c < length; c++) sums[c] = 0;
  for (i64 first = 0; first < part.rows; first += BLOCK) {
    for (i64 row = first; row < minimum(part.rows, first + BLOCK); row++) {
      const f32 *y = part.y + row * part.stride, *dy = part.dy + row * part.stride;
      f32 *dx = part.dx + row * part.stride;
      i64 c = 0;
      for (; c + WIDTH <= length; c += WIDTH) {
        const vf d = grad(load(y + c), load(dy + c));
        store(dx + c, d);
        store(block_sums + c, row == first ? d : load(block_sums + c) + d);
      }
      if (c == length) continue;
      const vf d = grad(load_part(y + c, length - c), load_part(dy + c, length - c));
      store_part(dx + c, d, length - c);
      store_part(block_sums + c, row == first ? d : load_part(block_sums + c, length - c) + d, length - c);
    }
    add_row(sums, block_sums, length);
  }
}

/** For many channels: each task takes some channels of all rows. */
template <class Grad> __attribute__((noinline)) inline void grad_by_columns(const Grad &grad, const GradRows &all, f32 *dbias) {
  Scratch scratch;
  f32 *block_sums = scratch.floats(all.length);
  parallel_ranges(all.length, maximum<i64>(512, MEMORY_GRAIN / all.rows), [&](i64 begin, i64 end, int) {
    grad_and_sums(grad, {all.y + begin, all.dy + begin, all.dx + begin, all.rows, all.stride, end - begin}, dbias + begin, block_sums + begin);
  });
}

/** For few channels: each task takes some rows. The sums of the tasks are added in order. Short rows are joined. */
template <class Grad> __attribute__((noinline)) inline void grad_by_rows(const Grad &grad, const GradRows &all, f32 *dbias) {
  constexpr i64 MOST_TASKS = 64;
  const i64 channels = all.length, together = minimum(all.rows, rows_together(channels)), length = together * channels;
  const i64 long_rows = all.rows / together, rest = all.rows % together;
  const i64 rows_a_task = maximum(ceil_div(long_rows, MOST_TASKS), maximum<i64>(1, MEMORY_GRAIN / length));
  const i64 tasks = ceil_div(long_rows, rows_a_task) + (rest > 0 ? 1 : 0);
  Scratch scratch;
  f32 *sums = scratch.floats(2 * tasks * length);
  parallel(tasks, [&](i64 task, int) {
    const i64 begin = task * rows_a_task, at = minimum(long_rows, begin) * length;
    GradRows part = {all.y + at, all.dy + at, all.dx + at, minimum(long_rows - begin, rows_a_task), length, length};
    if (begin >= long_rows) part.rows = rest, part.stride = part.length = channels;
    grad_and_sums(grad, part, sums + 2 * task * length, sums + (2 * task + 1) * length);
  });
  for (i64 c = 0; c < channels; c++) dbias[c] = 0;
  for (i64 task = 0; task < tasks; task++) {
    const i64 parts = task * rows_a_task < long_rows ? together : 1;
    for (i64 part = 0; part < parts; part++) add_row(dbias, sums + 2 * task * length + part * channels, channels);
  }
}

// y, dy, dx, dbias or null, size, channels, activation, alpha
inline void biasActivationGrad(const f64 *from) {
  Arguments arguments(from);
  const f32 *y = arguments.pointer<f32>();
  const f32 *dy = arguments.pointer<f32>();
  f32 *dx = arguments.pointer<f32>();
  f32 *dbias = arguments.pointer<f32>();
  const i64 size = arguments.integer();
  const i64 channels = arguments.integer();
  const int activation = arguments.small();
  const vf alpha = splat(arguments.scalar());
  constexpr i64 MANY_CHANNELS = 2048;

  with_activation(activation, [&](auto constant) {
    const auto grad = [&](vf v, vf d) { return activate_grad<decltype(constant)::activation>(v, d, alpha); };
    if (dbias == nullptr) {
      parallel_ranges(size, MEMORY_GRAIN, [&](i64 begin, i64 end, int) { map_vectors(grad, end - begin, dx + begin, y + begin, dy + begin); });
    } else if (size == 0) {
      for (i64 c = 0; c < channels; c++) dbias[c] = 0;
    } else {
      const GradRows all = {y, dy, dx, size / channels, channels, channels};
      if (channels >= MANY_CHANNELS) grad_by_columns(grad, all, dbias);
      else grad_by_rows(grad, all, dbias);
    }
  });
}

} // namespace SINAPSE_ISA

#define BIAS_ACTIVATION_KERNELS(KERNEL) KERNEL(biasActivation) KERNEL(biasActivationGrad)
