// batchNorm: Ioffe, Szegedy 2015, algorithm 1, over the last axis, with a residual and an activation, in two passes over memory.
//
// The first pass computes mean and variance of blocks that stay in the nearest cache, the variance about the block's own mean. It joins blocks, lanes
// and parts in float64 by Chan, Golub, LeVeque 1983, "Algorithms for computing the sample variance": nothing cancels, however far the mean is from 0.
// The second pass normalises.
#pragma once
#include "base/activation.h"
#include "base/arguments.h"
#include "base/row.h"
#include "normalize/channels.h"

namespace SINAPSE_ISA {

/** Sums of values and of squared differences from their mean, for a number of sets of values. */
template <class T> struct Moments {
  T *sums, *squares;

  Moments at(i64 set) const { return {sums + set, squares + set}; }
};

/** List i of several lists of `size` sets each. */
template <class T> inline Moments<T> moments_in(T *room, i64 size, i64 i) { return {room + 2 * i * size, room + (2 * i + 1) * size}; }

/** Joins `size` sets b, of m values each, to sets a, of n values each. The mean of infinities follows from their sum. */
template <class T> inline void join_moments(Moments<f64> a, i64 n, Moments<T> b, i64 m, i64 size) {
  if (n == 0) {
    for (i64 i = 0; i < size; i++) {
      a.sums[i] = static_cast<f64>(b.sums[i]);
      a.squares[i] = static_cast<f64>(b.squares[i]);
    }
    return;
  }
  const f64 before = 1 / static_cast<f64>(n), more = 1 / static_cast<f64>(m), weight = 1 / (before + more);
  for (i64 i = 0; i < size; i++) {
    const f64 difference = static_cast<f64>(b.sums[i]) * more - a.sums[i] * before;
    a.squares[i] += static_cast<f64>(b.squares[i]) + difference * difference * weight;
    a.sums[i] += static_cast<f64>(b.sums[i]);
  }
}

/** For each lane, the sum and the squared differences from the mean, over `rows` rows of `lanes`. */
inline void block_moments(const f32 *x, i64 rows, i64 lanes, Moments<f32> of) {
  f32 *sums = of.sums, *squares = of.squares;
  const vf share = splat(1.0f / static_cast<f32>(rows));
  for_each_vector(x, lanes, [&](vf v, i64 i, i64 count) { store_some(sums + i, v, count); });
  for (i64 row = 1; row < rows; row++)
    for_each_vector(x + row * lanes, lanes, [&](vf v, i64 i, i64 count) { store_some(sums + i, load_some(sums + i, count) + v, count); });
  for (i64 i = 0; i < lanes; i++) squares[i] = 0;
  for (i64 row = 0; row < rows; row++)
    for_each_vector(x + row * lanes, lanes, [&](vf v, i64 i, i64 count) {
      const vf difference = v - load_some(sums + i, count) * share;
      store_some(squares + i, fma(difference, difference, load_some(squares + i, count)), count);
    });
}

/** Moments of the channels of one part. `lanes` and `block` have room for those of the lanes. */
inline void part_moments(const Channels &of, i64 part, const f32 *x, Moments<f64> lanes, Moments<f32> block, Moments<f64> channels) {
  i64 done = 0, rest = 0;
  of.for_each_block(part, [&](i64 at, i64 rows, i64 width) {
    block_moments(x + at, rows, width, block);
    join_moments(lanes, done, block, rows, width);
    if (width == of.lanes) done += rows;
    else rest = width;
  });
  const i64 present = done > 0 ? of.lanes : rest;
  i64 values = 0;
  for (i64 first = 0; first < present; first += of.channels) {
    const i64 more = done + (first < rest ? 1 : 0);
    join_moments(channels, values, lanes.at(first), more, of.channels);
    values += more;
  }
}

/** Mean and variance of every channel of x [rows, channels]; NaN if there are no rows. */
inline void channel_moments(const Channels &of, const f32 *x, f64 *mean, f64 *variance) {
  Scratch scratch;
  const i64 threads = thread_count();
  f64 *parts = scratch.take<f64>(2 * of.parts * of.channels), *lanes = scratch.take<f64>(2 * of.lanes * threads);
  f32 *blocks = scratch.floats(2 * of.lanes * threads);
  parallel(of.parts, [&](i64 part, int thread) {
    part_moments(of, part, x, moments_in(lanes, of.lanes, thread), moments_in(blocks, of.lanes, thread),
                 moments_in(parts, of.channels, part));
  });
  const Moments<f64> whole = moments_in(parts, of.channels, 0);
  const i64 each = of.part * of.together;
  for (i64 part = 1; part < of.parts; part++)
    join_moments(whole, part * each, moments_in(parts, of.channels, part), minimum(each, of.rows - part * each), of.channels);
  const f64 rows = static_cast<f64>(of.rows);
  for (i64 c = 0; c < of.channels; c++) {
    mean[c] = of.rows == 0 ? __builtin_nan("") : whole.sums[c] / rows;
    variance[c] = of.rows == 0 ? __builtin_nan("") : whole.squares[c] / rows;
  }
}

// x, scale, offset, residual or null, y, mean, variance, rows, channels, activation, alpha, epsilon
inline void batch_norm(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<f32>(), *scale = arguments.pointer<f32>(), *offset = arguments.pointer<f32>();
  const f32 *residual = arguments.pointer<f32>();
  f32 *y = arguments.pointer<f32>(), *mean = arguments.pointer<f32>(), *variance = arguments.pointer<f32>();
  const i64 rows = arguments.integer();
  const Channels of(rows, arguments.integer());
  const int activation = arguments.small();
  const vf alpha = splat(arguments.scalar());
  const f64 epsilon = arguments.real();

  Scratch scratch;
  f64 *means = scratch.take<f64>(of.channels), *variances = scratch.take<f64>(of.channels);
  f32 *factors = scratch.floats(of.channels);
  channel_moments(of, x, means, variances);
  for (i64 c = 0; c < of.channels; c++) {
    mean[c] = static_cast<f32>(means[c]);
    variance[c] = static_cast<f32>(variances[c]);
    factors[c] = static_cast<f32>(static_cast<f64>(scale[c]) / __builtin_sqrt(variances[c] + epsilon));
  }
  f32 *centre = scratch.floats(of.lanes), *factor = scratch.floats(of.lanes), *term = scratch.floats(of.lanes);
  of.spread(mean, centre);
  of.spread(factors, factor);
  of.spread(offset, term);
  with_activation(activation, [&](auto constant) {
    constexpr Activation kind = decltype(constant)::activation;
    of.for_each_row([&](i64 at, i64 lanes) {
      for_each_vector(x + at, lanes, [&](vf v, i64 i, i64 count) {
        vf z = fma(v - load_some(centre + i, count), load_some(factor + i, count), load_some(term + i, count));
        if (residual != nullptr) z += load_some(residual + at + i, count);
        store_some(y + at + i, activate<kind>(z, alpha), count);
      });
    });
  });
}

} // namespace SINAPSE_ISA

#define BATCH_NORM_KERNELS(KERNEL) KERNEL(batch_norm)
