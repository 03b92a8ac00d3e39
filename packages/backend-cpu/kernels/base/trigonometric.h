// sin and cos within 2 ulp of all floats: x = n π/2 + r with |r| <= π/4 in float64, then a polynomial of r in float32.
#pragma once
#include "base/double.h"
#include "base/math.h"

namespace SINAPSE_ISA {

/** An angle r + n π/2; n has only its lowest bits. */
struct QuarterTurn {
  vf r;
  vi n;
};

/** For larger angles n has more than 20 binary digits. */
constexpr f32 LARGE_ANGLE = 1.6e6f;

/** x - n π/2, with π/2 in three parts (as in FreeBSD's msun): n times the first two is exact. */
inline vd subtract_quarters(vd x, vd n) {
  const vd near = x - n * 1.57079632673412561417e+00;
  return (near - n * 6.07710050630396597660e-11) - n * 2.02226624879595063154e-21;
}

/**
 * Reduces one large angle: M. Payne, R. Hanek, "Radian reduction for trigonometric functions" (1983). x = m 2^e with 24 digits of m. A digit of 2/π
 * matters only if its product with x is neither a multiple of 4 nor too small: 96 digits do.
 */
inline f32 reduce_large(f32 x, i32 *n) {
  // 32 zeros, then the digits of 2/π.
  static const u32 TWO_OVER_PI[] = {0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab};
  u32 bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  const u64 m = (bits & 0x7fffff) | 0x800000;
  const int first = static_cast<int>(bits >> 23 & 0xff) - 150 + 30; // the digit whose product with x is 2 m
  const u32 *word = TWO_OVER_PI + first / 32;
  const int shift = first % 32;
  const auto digits = [&](int i) { return static_cast<u32>(((static_cast<u64>(word[i]) << 32 | word[i + 1]) << shift) >> 32); };
  const u64 turns = (m * digits(0) << 32) + m * digits(1) + (m * digits(2) >> 32); // in 2^-62 quarter turns, modulo 4
  const u64 nearest = (turns + (1ull << 61)) >> 62;
  const f64 rest = static_cast<f64>(static_cast<i64>(turns - (nearest << 62)));
  const f64 r = rest * (1.57079632679489661923 / 4611686018427387904.0);
  *n = static_cast<i32>(bits >> 31 ? 0 - nearest : nearest);
  return static_cast<f32>(bits >> 31 ? -r : r);
}

inline QuarterTurn reduce_angle(vf x) {
  const Doubles wide = widen(x);
  const RoundedDouble low = round_small(wide.low * 0.63661977236758134308), high = round_small(wide.high * 0.63661977236758134308);
  const vf n = narrow({low.value, high.value});
  const vi large = ~(absolute(x) < LARGE_ANGLE);
  QuarterTurn turn = {narrow({subtract_quarters(wide.low, low.value), subtract_quarters(wide.high, high.value)}),
                      to_int(select(large, vf{}, n))};
  if (any(large)) {
    for (int i = 0; i < WIDTH; i++) {
      if (!large[i]) continue;
      i32 quarters = 0;
      turn.r[i] = __builtin_fabsf(x[i]) < __builtin_inff() ? reduce_large(x[i], &quarters) : __builtin_nanf("");
      turn.n[i] = quarters;
    }
  }
  return turn;
}

/** sin(r + n π/2) */
inline vf sine_of(QuarterTurn turn) {
  const vf r = turn.r;
  const vf z = r * r;
  const vf sine = fma(r * z, polynomial(z, splat(2.71811405e-6f), -1.98393114e-4f, 8.33332911e-3f, -0.166666672f), r);
  const vf cosine = fma(z * z, polynomial(z, splat(2.44330822e-5f), -1.38873153e-3f, 4.16666456e-2f), fma(z, splat(-0.5f), splat(1.0f)));
  const vf value = select((turn.n & 1) != 0, cosine, sine);
  return (vf)((vi)value ^ (vi)((vu)(turn.n & 2) << 30));
}

inline vf sin(vf x) { return select(x == 0.0f, x, sine_of(reduce_angle(x))); } // the sum in sine_of loses the sign of -0

inline vf cos(vf x) {
  const QuarterTurn turn = reduce_angle(x);
  return sine_of({turn.r, turn.n + 1});
}

} // namespace SINAPSE_ISA
