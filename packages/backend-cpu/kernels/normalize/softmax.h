// softmax, logSoftmax, logSumExp, softmaxCrossEntropy: rows of classes. The maximum of a row is subtracted first, so that exp cannot overflow.
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "base/math.h"
#include "base/row.h"
#include "reduce/reducers.h"

namespace SINAPSE_ISA {

/** Elements of a task: each costs an exponential. */
constexpr i64 SOFTMAX_GRAIN = 1 << 14;

/** Runs body(row) for all rows. */
template <class Body> inline void for_each_softmax_row(i64 rows, i64 classes, const Body &body) {
  parallel_ranges(rows, ceil_div(SOFTMAX_GRAIN, classes), [&](i64 begin, i64 end, int) {
    for (i64 row = begin; row < end; row++) body(row);
  });
}

/** The largest element; NaN if there is one, -infinity if there is no element. */
inline f32 row_maximum(const f32 *x, i64 n) {
  vf most = -infinity();
  for_each_vector(x, n, [&](vf v, i64, i64 count) {
    if (count < WIDTH) v = select(first_lanes(count), v, -infinity());
    most = FloatExtreme<1>::join(most, v);
  });
  f32 part[WIDTH];
  store(part, most);
  for (int i = 1; i < WIDTH; i++) part[0] = FloatExtreme<1>::join(part[0], part[i]);
  return part[0];
}

/**
 * Σ e^(x - most) over all elements but index `except` (-1: over all). give(e^(x - most), i, count) gets every vector of terms. Blocked, like all
 * sums.
 */
template <class Give> inline f64 sum_exponentials(const f32 *x, i64 n, f32 most, i64 except, const Give &give) {
  constexpr i64 block = REDUCE_BLOCK * WIDTH;
  f64 total = 0;
  for (i64 first = 0; first < n; first += block) {
    vf sums = {};
    for_each_vector(x + first, minimum(block, n - first), [&](vf v, i64 i, i64 count) {
      const vf power = exp(v - splat(most));
      give(power, first + i, count);
      vi counted = first_lanes(count);
      if (except >= first + i && except < first + i + count) counted ^= first_lanes(except - first - i + 1) ^ first_lanes(except - first - i);
      sums += (vf)((vi)power & counted);
    });
    total += static_cast<f64>(sum(sums));
  }
  return total;
}

/**
 * ln Σ e^(x - most); NaN if `most` is infinite. One term of the largest, 1, is left out of the sum: where the others are small, the digits of the
 * logarithm come from them.
 */
inline f32 logarithm_of_sum(const f32 *x, i64 n, f32 most) {
  if (__builtin_fabsf(most) == __builtin_inff()) return __builtin_nanf("");
  constexpr i64 block = REDUCE_BLOCK * WIDTH;
  const vf largest = splat(most);
  f64 others = 0;
  vi counts = {}; // of terms of the largest, in each lane
  for (i64 first = 0; first < n; first += block) {
    vf sums = {};
    for_each_vector(x + first, minimum(block, n - first), [&](vf v, i64, i64 count) __attribute__((always_inline)) {
      // Lanes after the last element count as the largest: -infinity would give denormals, which are slow.
      if (count < WIDTH) v = select(first_lanes(count), v, largest);
      const vi is_largest = v == largest;
      counts -= is_largest;
      sums += (vf)((vi)exp(v - largest) & ~is_largest);
    });
    others += static_cast<f64>(sum(sums));
  }
  const i64 lanes_after = ceil_div(n, WIDTH) * WIDTH - n;
  return log1p(splat(static_cast<f32>(others + static_cast<f64>(sum(to_float(counts)) - static_cast<f32>(lanes_after + 1)))))[0];
}

// x, y, rows, classes (not 0)
inline void softmax(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<f32>();
  f32 *y = arguments.pointer<f32>();
  const i64 rows = arguments.integer(), classes = arguments.integer();
  for_each_softmax_row(rows, classes, [&](i64 row) {
    const f32 *of = x + row * classes;
    f32 *to = y + row * classes;
    const f64 sum = sum_exponentials(of, classes, row_maximum(of, classes), -1, [&](vf power, i64 i, i64 count) { store_some(to + i, power, count); });
    const vf share = splat(static_cast<f32>(1 / sum));
    for_each_vector(to, classes, [&](vf power, i64 i, i64 count) { store_some(to + i, power * share, count); });
  });
}

// x, y, rows, classes (not 0)
inline void log_softmax(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<f32>();
  f32 *y = arguments.pointer<f32>();
  const i64 rows = arguments.integer(), classes = arguments.integer();
  for_each_softmax_row(rows, classes, [&](i64 row) {
    const f32 *of = x + row * classes;
    const f32 most = row_maximum(of, classes);
    const vf largest = splat(most), log_sum = splat(logarithm_of_sum(of, classes, most));
    for_each_vector(of, classes, [&](vf v, i64 i, i64 count) { store_some(y + row * classes + i, v - largest - log_sum, count); });
  });
}

// x, y, rows, classes
inline void log_sum_exp(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<f32>();
  f32 *y = arguments.pointer<f32>();
  const i64 rows = arguments.integer(), classes = arguments.integer();
  for_each_softmax_row(rows, maximum<i64>(classes, 1), [&](i64 row) {
    const f32 *of = x + row * classes;
    const f32 most = row_maximum(of, classes);
    const bool infinite = __builtin_fabsf(most) == __builtin_inff();
    y[row] = infinite ? most : most + logarithm_of_sum(of, classes, most);
  });
}

/**
 * Loss and gradient of one row. The label's term is left out of the sum: if the label is the most likely class the rest is small, and the digits of
 * the loss and of the label's gradient come from it.
 */
inline f32 cross_entropy_row(const f32 *logits, i64 classes, i64 label, f32 *gradient) {
  const f32 most = row_maximum(logits, classes);
  const f64 others = sum_exponentials(logits, classes, most, label, [&](vf power, i64 i, i64 count) { store_some(gradient + i, power, count); });
  const f64 sum = others + static_cast<f64>(gradient[label]);
  const vf share = splat(static_cast<f32>(1 / sum));
  for_each_vector(gradient, classes, [&](vf power, i64 i, i64 count) { store_some(gradient + i, power * share, count); });
  gradient[label] = static_cast<f32>(-others / sum);
  const f32 distance = most - logits[label];
  if (__builtin_fabsf(most) == __builtin_inff()) return distance;
  return distance == 0 ? log1p(splat(static_cast<f32>(others)))[0] : distance + log(static_cast<f32>(sum));
}

// logits, labels, loss, dlogits, rows, classes
inline void softmax_cross_entropy(const f64 *from) {
  Arguments arguments(from);
  const f32 *logits = arguments.pointer<f32>();
  const i32 *labels = arguments.pointer<i32>();
  f32 *loss = arguments.pointer<f32>(), *dlogits = arguments.pointer<f32>();
  const i64 rows = arguments.integer(), classes = arguments.integer();
  for_each_softmax_row(rows, classes, [&](i64 row) {
    f32 *gradient = dlogits + row * classes;
    if (labels[row] >= 0 && labels[row] < classes) {
      loss[row] = cross_entropy_row(logits + row * classes, classes, labels[row], gradient);
    } else {
      loss[row] = __builtin_nanf("");
      for (i64 i = 0; i < classes; i++) gradient[i] = __builtin_nanf("");
    }
  });
}

} // namespace SINAPSE_ISA

#define SOFTMAX_KERNELS(KERNEL)                                                                                                          \
  KERNEL(softmax)                                                                                                                        \
  KERNEL(log_softmax)                                                                                                                    \
  KERNEL(log_sum_exp)                                                                                                                    \
  KERNEL(softmax_cross_entropy)
