// What a reduction does with its terms, for each operation and type.
//
// A reducer folds a run of elements into one total, and merges rows element by element into lanes, which are then added to totals. Sums are blocked:
// each lane adds at most REDUCE_BLOCK terms in float32, then the lanes are added in float64. The error does not grow with the length (Higham 2002,
// "Accuracy and Stability of Numerical Algorithms", 4.2).
#pragma once
#include "base/double.h"

namespace SINAPSE_ISA {

/** Terms that a lane takes before it is added to its total. */
constexpr i64 REDUCE_BLOCK = 64;

struct FloatSum {
  using Element = f32;
  using Lane = f32;
  using Total = f64;
  static constexpr Total initial = 0;
  static constexpr Lane empty_lane = 0;

  static void merge(Lane *lanes, const Element *x, i64 n) {
    i64 i = 0;
    for (; i + WIDTH <= n; i += WIDTH) store(lanes + i, load(lanes + i) + load(x + i));
    for (; i < n; i++) lanes[i] += x[i];
  }
  static Total join(Total a, Total b) { return a + b; }

  static Total fold(const Element *x, i64 n) {
    Total total = 0;
    constexpr int chains = 8;
    constexpr i64 step = chains * WIDTH;
    while (n >= step) {
      vf sums[chains];
      for (int c = 0; c < chains; c++) sums[c] = load(x + c * WIDTH);
      x += step;
      n -= step;
      for (i64 left = minimum(n / step, REDUCE_BLOCK - 1); left > 0; left--, x += step, n -= step)
        for (int c = 0; c < chains; c++) sums[c] += load(x + c * WIDTH);
      for (int half = chains / 2; half > 0; half /= 2)
        for (int c = 0; c < half; c++) sums[c] += sums[c + half];
      total += static_cast<f64>(sum(sums[0]));
    }
    if (n >= WIDTH) {
      vf sums = load(x);
      for (x += WIDTH, n -= WIDTH; n >= WIDTH; x += WIDTH, n -= WIDTH) sums += load(x);
      total += static_cast<f64>(sum(sums));
    }
    for (i64 i = 0; i < n; i++) total += static_cast<f64>(x[i]);
    return total;
  }
};

/** In float64: no intermediate product leaves its range if the result is within float32's. */
struct FloatProd {
  using Element = f32;
  using Lane = f64;
  using Total = f64;
  static constexpr Total initial = 1;
  static constexpr Lane empty_lane = 1;

  static void merge(Lane *lanes, const Element *x, i64 n) {
    for (i64 i = 0; i < n; i++) lanes[i] *= static_cast<f64>(x[i]);
  }
  static Total join(Total a, Total b) { return a * b; }
  static Total fold(const Element *x, i64 n) {
    constexpr int chains = 8;
    f64 products[chains];
    for (int c = 0; c < chains; c++) products[c] = 1;
    i64 i = 0;
    for (; i + chains <= n; i += chains) merge(products, x + i, chains);
    merge(products, x + i, n - i);
    for (int half = chains / 2; half > 0; half /= 2)
      for (int c = 0; c < half; c++) products[c] *= products[c + half];
    return products[0];
  }
};

/** Sums of squares, in float64: no square of a float32 overflows or vanishes. */
struct FloatSquares {
  using Element = f32;
  using Lane = f64;
  using Total = f64;
  static constexpr Total initial = 0;
  static constexpr Lane empty_lane = 0;

  static void merge(Lane *lanes, const Element *x, i64 n) {
    for (i64 i = 0; i < n; i++) lanes[i] += static_cast<f64>(x[i]) * static_cast<f64>(x[i]);
  }
  static Total join(Total a, Total b) { return a + b; }
  static Total fold(const Element *x, i64 n) {
    constexpr int chains = 4;
    vd sums[2 * chains] = {};
    for (; n >= chains * WIDTH; x += chains * WIDTH, n -= chains * WIDTH)
      for (int c = 0; c < chains; c++) {
        const Doubles v = widen(load(x + c * WIDTH));
        sums[2 * c] += v.low * v.low;
        sums[2 * c + 1] += v.high * v.high;
      }
    Total total = 0;
    for (int half = chains; half > 0; half /= 2)
      for (int c = 0; c < half; c++) sums[c] += sums[c + half];
    for (int i = 0; i < WIDTH / 2; i++) total += sums[0][i];
    for (i64 i = 0; i < n; i++) merge(&total, x + i, 1);
    return total;
  }
};

/** A norm, from the sum of squares; of a single element, which is not summed, from the element. */
struct Norm {
  f32 value;
  explicit Norm(f64 squares) : value(static_cast<f32>(__builtin_sqrt(squares))) {}
  explicit Norm(f32 element) : value(__builtin_fabsf(element)) {}
};

/** Maximum (SIGN 1) or minimum (SIGN -1); NaN if there is one. */
template <int SIGN> struct FloatExtreme {
  using Element = f32;
  using Lane = f32;
  using Total = f32;
  static constexpr Total initial = SIGN > 0 ? -__builtin_inff() : __builtin_inff();
  static constexpr Lane empty_lane = initial;

  static vf better(vf a, vf b) { return SIGN > 0 ? larger(a, b) : smaller(a, b); }
  static f32 better(f32 a, f32 b) { return SIGN > 0 ? (a > b ? a : b) : (a < b ? a : b); }
  static Total join(Total a, Total b) { return a != a ? a : better(a, b); }
  /** b if it is NaN and a is not; a if a is NaN. */
  static vf join(vf a, vf b) { return select(a != a, a, better(a, b)); }

  static void merge(Lane *lanes, const Element *x, i64 n) {
    i64 i = 0;
    for (; i + WIDTH <= n; i += WIDTH) store(lanes + i, join(load(lanes + i), load(x + i)));
    for (; i < n; i++) lanes[i] = join(lanes[i], x[i]);
  }

  static Total fold(const Element *x, i64 n) {
    Total best = initial;
    constexpr int chains = 4;
    constexpr i64 step = chains * WIDTH;
    if (n >= step) {
      // Records separately whether a NaN was seen, since it does not win by itself.
      vf bests[chains];
      vi nan = {};
      for (int c = 0; c < chains; c++) bests[c] = splat(initial);
      for (; n >= step; x += step, n -= step)
        for (int c = 0; c < chains; c++) {
          const vf v = load(x + c * WIDTH);
          bests[c] = better(v, bests[c]);
          nan |= v != v;
        }
      for (int c = 1; c < chains; c++) bests[0] = better(bests[0], bests[c]);
      f32 part[WIDTH];
      store(part, bests[0]);
      for (int i = 0; i < WIDTH; i++) best = better(part[i], best);
      for (int i = 0; i < WIDTH; i++)
        if (nan[i]) best = __builtin_nanf("");
    }
    for (i64 i = 0; i < n; i++) best = join(best, x[i]);
    return best;
  }
};

/** Integers: any order gives the same result, so compilers vectorise it. Sums and products are modulo 2^32. */
template <class T, T (*operation)(T, T), long long neutral> struct Integers {
  using Element = T;
  using Lane = T;
  using Total = T;
  static constexpr Total initial = static_cast<T>(neutral);
  static constexpr Lane empty_lane = initial;
  static void merge(Lane *lanes, const Element *x, i64 n) {
    for (i64 i = 0; i < n; i++) lanes[i] = operation(lanes[i], x[i]);
  }
  static Total join(Total a, Total b) { return operation(a, b); }
  static Total fold(const Element *x, i64 n) {
    Total total = initial;
    for (i64 i = 0; i < n; i++) total = operation(total, x[i]);
    return total;
  }
};

template <class T> constexpr T plus(T a, T b) { return a + b; }
template <class T> constexpr T times(T a, T b) { return a * b; }

using IntSum = Integers<u32, plus<u32>, 0>;
using IntProd = Integers<u32, times<u32>, 1>;
using IntMax = Integers<i32, maximum<i32>, -2147483648LL>;
using IntMin = Integers<i32, minimum<i32>, 2147483647>;
using ByteMax = Integers<u8, maximum<u8>, 0>;
template <int greatest> using ByteMin = Integers<u8, minimum<u8>, greatest>;

} // namespace SINAPSE_ISA
