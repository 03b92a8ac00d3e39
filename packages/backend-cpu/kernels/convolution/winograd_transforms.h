// Winograd's minimal filtering F(m, 3): m results of a filter of 3 taps from m + 2 values with m + 2 multiplications instead of 3 m (Winograd 1980;
// for networks Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015). B, G and A are the transforms of the image, of the filter
// and back: Y = A^T [(G g G^T) · (B^T d B)] A for a tile d of the image. The product in the middle is element by element; channels are summed there.
//
// The transforms evaluate polynomials: F(2, 3) at 0, 1, -1 and ∞, F(4, 3) at 0, ±1/√2, ±√2 and ∞. The points of Lavin and Gray, 0, ±1, ±2 and ∞, have
// rounding errors four times as large. Errors of F(2, 3) and F(4, 3) (of direct summation) in units of 2^-24 Σ|terms|, for uniform values in [-1, 1)
// and 64 channels: root mean square 0.26 and 0.73 (0.39), largest of some 10^5 results 1.1 and 3.9 (2.6); with 256 channels 0.23 and 0.67 (0.40).
#pragma once
#include "base/unroll.h"
#include "base/vector.h"

namespace SINAPSE_ISA {

template <int OUT> struct Winograd;

template <> struct Winograd<2> {
  /** B^T d. */
  static void image(const vf (&d)[4], vf (&t)[4]) {
    t[0] = d[0] - d[2];
    t[1] = d[1] + d[2];
    t[2] = d[2] - d[1];
    t[3] = d[1] - d[3];
  }
  /** G g. */
  static void filter(const vf (&g)[3], vf (&t)[4]) {
    const vf even = g[0] + g[2];
    t[0] = g[0];
    t[1] = 0.5f * (even + g[1]);
    t[2] = 0.5f * (even - g[1]);
    t[3] = g[2];
  }
  /** A^T m. */
  static void result(const vf (&m)[4], vf (&y)[2]) {
    y[0] = m[0] + m[1] + m[2];
    y[1] = m[1] - m[2] - m[3];
  }
};

template <> struct Winograd<4> {
  static constexpr f32 P = 0.70710678118654752f, Q = 1.4142135623730951f; // 1/√2, √2

  static void image(const vf (&d)[6], vf (&t)[6]) {
    const vf half = splat(-0.5f), two = splat(-2), five = splat(-2.5f);
    const vf even_p = fma(two, d[2], d[4]), odd_p = fma(two, d[1], d[3]);
    const vf even_q = fma(half, d[2], d[4]), odd_q = fma(half, d[1], d[3]);
    t[0] = fma(five, d[2], d[0] + d[4]);
    t[1] = fma(splat(P), odd_p, even_p);
    t[2] = fma(splat(-P), odd_p, even_p);
    t[3] = fma(splat(Q), odd_q, even_q);
    t[4] = fma(splat(-Q), odd_q, even_q);
    t[5] = fma(five, d[3], d[1] + d[5]);
  }
  static void filter(const vf (&g)[3], vf (&t)[6]) {
    const vf even_p = fma(splat(0.5f), g[2], g[0]), odd_p = P * g[1];
    const vf even_q = fma(splat(2), g[2], g[0]), odd_q = Q * g[1];
    t[0] = g[0];
    t[1] = (even_p + odd_p) * (-1 / 1.5f);
    t[2] = (even_p - odd_p) * (-1 / 1.5f);
    t[3] = (even_q + odd_q) * (1 / 6.0f);
    t[4] = (even_q - odd_q) * (1 / 6.0f);
    t[5] = g[2];
  }
  static void result(const vf (&m)[6], vf (&y)[4]) {
    const vf even_p = m[1] + m[2], odd_p = m[1] - m[2], even_q = m[3] + m[4], odd_q = m[3] - m[4];
    y[0] = m[0] + even_p + even_q;
    y[1] = fma(splat(Q), odd_q, P * odd_p);
    y[2] = fma(splat(2), even_q, 0.5f * even_p);
    y[3] = fma(splat(2 * Q), odd_q, fma(splat(P / 2), odd_p, m[5]));
  }
};

/** Transforms `from(i, j)`, i, j < FROM, by `line` along both axes and passes the results to `to(i, j, value)`. */
template <int FROM, int TO, class Line, class Load, class Store>
__attribute__((always_inline)) inline void transform_square(const Line &line, const Load &from, const Store &to) {
  vf half[TO][FROM];
  SINAPSE_UNROLL for (int j = 0; j < FROM; j++) {
    vf column[FROM], t[TO];
    SINAPSE_UNROLL for (int i = 0; i < FROM; i++) column[i] = from(i, j);
    line(column, t);
    SINAPSE_UNROLL for (int i = 0; i < TO; i++) half[i][j] = t[i];
  }
  SINAPSE_UNROLL for (int i = 0; i < TO; i++) {
    vf t[TO];
    line(half[i], t);
    SINAPSE_UNROLL for (int j = 0; j < TO; j++) to(i, j, t[j]);
  }
}

} // namespace SINAPSE_ISA
