// a to the power of b, as IEEE 754 defines it, within 0.51 ulp: 2^(b log2 |a|) in float64, which has 29 more digits than float32; the product
// magnifies errors by less than that.
#pragma once
#include "base/double.h"
#include "base/math.h"

namespace SINAPSE_ISA {

/** log2 of x > 0, a float32: x = 2^exponent m with m in [√½, √2), s = (m - 1) / (m + 1), log2 m = s P(s²); relative error 2^-44. */
inline vd log2(vd x) {
  constexpr u64 ROOT_HALF = 0x3fe6a09e00000000, ONE = 0x3ff0000000000000;
  const vul bits = (vul)x + (ONE - ROOT_HALF);
  const vd exponent = (vd)((bits >> 52) | 0x4330000000000000) - 4503599627371519.0; // 2^52 + the bias of 1023
  const vd m = (vd)((bits & 0xfffffffffffff) + ROOT_HALF);
  const vd s = (m - 1.0) / (m + 1.0);
  const vd p = polynomial(s * s, splat_double(0.28290815829383248), 0.31990510201583267, 0.41220926787052287, 0.57707794220005693,
                          0.96179669411395663, 2.8853900817778495);
  return fma(s, p, exponent);
}

/** 2^x with relative error 2^-34 where it is a float32; beyond that range the result rounds to 0 or infinity. */
inline vd exp2(vd x) {
  const vd bounded = x < -200.0 ? splat_double(-200.0) : x > 200.0 ? splat_double(200.0) : x;
  const RoundedDouble n = round_small(bounded);
  const vd p = polynomial(bounded - n.value, splat_double(1.5201933609591841e-05), 0.00015469291706142333, 0.0013333922503494396,
                          0.009618027251471848, 0.055504103535401486, 0.24022651198179554, 0.69314718072840564, 0.99999999996167832);
  return (vd)((vul)p + (n.bits << 52));
}

inline vf power(vf a, vf b) {
  const vf size = absolute(a);
  const Doubles x = widen(size), y = widen(b);
  const vf logarithm_edge = select(size == 0.0f, -infinity(), size); // log2 of 0 and of infinity
  const vi edge = (size == 0.0f) | (size == infinity());
  const vf inside = narrow({exp2(y.low * log2(x.low)), exp2(y.high * log2(x.high))});
  const vf exponent = b * logarithm_edge; // -infinity, infinity or (b = 0) NaN
  vf result = select(edge, select(exponent < 0.0f, vf{}, infinity()), inside);

  // With a negative base, odd powers are negative and fractional powers are NaN.
  const vf whole = round_to_even(b);
  const vf small = smaller(splat(16777216.0f), absolute(b)); // all floats from 2^24 on are even, infinity too
  const vi odd = (whole == b) & ((to_int(select(small == small, small, vf{})) & 1) != 0);
  result = (vf)((vi)result ^ (odd & (vi)a & splat_int(-0x7fffffff - 1)));
  result = select((a < 0.0f) & (a > -infinity()) & (whole != b), not_a_number(), result);

  result = select(is_nan(a) | is_nan(b), not_a_number(), result);
  const vi one = (a == 1.0f) | (b == 0.0f) | ((a == -1.0f) & (absolute(b) == infinity()));
  return select(one, splat(1.0f), result);
}

} // namespace SINAPSE_ISA
