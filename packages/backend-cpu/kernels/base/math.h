// Functions of a vector of floats. Each says how far it may be from the exact value, in units in the last place (ulp); test/math.test.ts measures
// this over the whole range against float64, with and without fused multiplication. NaN gives NaN, denormals are exact numbers like others, and -0
// keeps its sign where the function does.
//
// Arguments are reduced as in W. J. Cody, W. Waite, "Software Manual for the Elementary Functions" (1980). The coefficients are minimax fits (Remez)
// of the function's relative error, rounded to float32; each polynomial's own error is below 2^-27.
#pragma once
#include "base/vector.h"

namespace SINAPSE_ISA {

/** Evaluates a polynomial by Horner's rule; coefficients go from the highest power down. */
inline vf polynomial(vf, vf first) { return first; }
template <class... Rest> inline vf polynomial(vf x, vf first, f32 second, Rest... rest) {
  return polynomial(x, fma(first, x, splat(second)), rest...);
}

inline vf absolute(vf x) { return (vf)((vi)x & 0x7fffffff); }
/** |size| with the sign of `from`. */
inline vf with_sign(vf size, vf from) { return (vf)(((vi)size & 0x7fffffff) | ((vi)from & splat_int(-0x7fffffff - 1))); }
inline vi is_nan(vf x) { return x != x; }

inline vf to_float(vi x) { return __builtin_convertvector(x, vf); }
/** Towards zero; undefined beyond int32. */
inline vi to_int(vf x) { return __builtin_convertvector(x, vi); }

/** The nearest integer for |x| < 2^22, ties to even: adding 1.5 * 2^23 shifts the fraction out. `bits` is the same integer. */
struct Rounded {
  vf value;
  vi bits;
};
inline Rounded round_small(vf x) {
  const vf magic = splat(12582912.0f);
  const vf shifted = x + magic;
  return {shifted - magic, (vi)shifted - (vi)magic};
}

/** y * 2^n for -252 <= n <= 254, in two steps because 2^n alone may not be a float. The second step rounds a denormal result. */
inline vf scale_by_power(vf y, vi n) {
  const vi half = n >> 1;
  const vf first = (vf)((half + 127) << 23);
  const vf second = (vf)((n - half + 127) << 23);
  return y * first * second;
}

/** x = n ln 2 + r with |r| <= ln 2 / 2. ln 2 is split into two parts; n times the first is exact. */
struct Reduced {
  vf r;
  vi n;
};
inline Reduced reduce_exponent(vf x) {
  const Rounded n = round_small(x * 1.44269504f);
  const vf r = fma(n.value, splat(-0.693145751953125f), x);
  return {fma(n.value, splat(-1.42860677e-6f), r), n.bits};
}

inline vf exp(Reduced e) {
  const vf q = polynomial(e.r, splat(1.38146139e-3f), 8.36871658e-3f, 4.16683890e-2f, 0.166665211f, 0.49999994f);
  return scale_by_power(1.0f + fma(e.r * e.r, q, e.r), e.n);
}

/** e^x within 1.5 ulp. */
inline vf exp(vf x) {
  // Beyond these bounds the result is 0 or infinity anyway. NaN passes through as the second operand.
  return exp(reduce_exponent(larger(splat(-104.0f), smaller(splat(89.0f), x))));
}

/** e^x - 1 within 2 ulp. */
inline vf expm1(vf x) {
  const Reduced e = reduce_exponent(larger(splat(-20.0f), smaller(splat(89.0f), x))); // below -20 it is -1
  const vf q = polynomial(e.r, splat(1.98458773e-4f), 1.39406277e-3f, 8.33338965e-3f, 4.16663624e-2f, 0.166666657f, 0.5f);
  const vf p = fma(e.r * e.r, q, e.r); // e^r - 1
  // 2^n p + 2^n - 1 = 2^n (p + 1 - 2^-n); 1 - 2^-n does not change after n = 25.
  const vi down = select_int(e.n > 30, splat_int(30), e.n);
  const vf y = scale_by_power(p + (1.0f - (vf)((127 - down) << 23)), e.n);
  return with_sign(select(e.n == 0, p, y), x);
}

/** x = 2^exponent * (1 + f) with 1 + f in [√½, √2), for x > 0. */
struct Split {
  vf exponent;
  vf f;
};
inline Split split_logarithm(vf x) {
  const vi tiny = x < 1.17549435e-38f; // denormals: 2^25 times larger first
  const vi bits = (vi)((vu)select(tiny, x * 33554432.0f, x) - 0x3f3504f3u); // wraps where x is none of those
  const vi exponent = (bits >> 23) - (tiny & 25);
  return {to_float(exponent), (vf)((bits & 0x7fffff) + 0x3f3504f3) - 1.0f};
}

/**
 * exponent ln 2 + ln(1 + f) + small. With s = f / (2 + f), ln(1 + f) = 2 s + s R(s²) and 2 s = f - s f, so f, the largest term, is added unrounded
 * (as in FreeBSD's msun).
 */
inline vf join_logarithm(vf exponent, vf f, vf small) {
  const vf s = f / (2.0f + f);
  const vf z = s * s;
  const vf r = z * polynomial(z, splat(0.29871729f), 0.399775416f, 0.666667759f);
  const vf half_square = 0.5f * f * f;
  const vf rest = fma(exponent, splat(1.42860677e-6f), fma(s, half_square + r, small)) - half_square;
  return fma(exponent, splat(0.693145751953125f), rest + f);
}

inline vf infinity() { return splat(__builtin_inff()); }
inline vf not_a_number() { return splat(__builtin_nanf("")); }

/** ln x within 1.5 ulp. ln 0 is -infinity; a negative x gives NaN. */
inline vf log(vf x) {
  const Split e = split_logarithm(x);
  vf y = join_logarithm(e.exponent, e.f, vf{});
  y = select(x == 0.0f, -infinity(), y);
  y = select(x < infinity(), y, x); // infinity, NaN
  return select(x < 0.0f, not_a_number(), y);
}

/** ln(1 + x) within 1.5 ulp. */
inline vf log1p(vf x) {
  const vf sum = 1.0f + x;
  const Split e = split_logarithm(sum);
  // The rounding error of the sum, relative to the sum; computed from the larger of 1 and x.
  const vf lost = select(x > 1.0f, 1.0f - (sum - x), x - (sum - 1.0f)) / sum;
  const vi near = e.exponent == 0.0f; // f is x itself
  vf y = join_logarithm(e.exponent, select(near, x, e.f), select(near, vf{}, lost));
  y = select(x == -1.0f, -infinity(), y);
  y = select(x < infinity(), y, x);
  return select(x < -1.0f, not_a_number(), select(x == 0.0f, x, y));
}

/** 1 / (1 + e^-x) within 2.5 ulp, also where it is tiny. */
inline vf sigmoid(vf x) {
  const vf e = exp(-absolute(x));
  return select(x < 0.0f, e, splat(1.0f)) / (1.0f + e);
}

/** Within 1.5 ulp. */
inline vf tanh(vf x) {
  const vf size = absolute(x);
  const vf z = x * x;
  const vf q = polynomial(z, splat(-6.27423683e-3f), 2.10716762e-2f, -5.38523085e-2f, 0.13332586f, -0.333333164f);
  const vf centre = fma(size * z, q, size);
  const vf outside = 1.0f - 2.0f / (1.0f + exp(size + size));
  return with_sign(select(size < 0.55f, centre, outside), x);
}

/** erf x for 0 <= x < 0.9. */
inline vf erf_centre(vf x) {
  const vf q =
      polynomial(x * x, splat(8.5131076e-5f), -8.17564025e-4f, 5.20385941e-3f, -2.68605091e-2f, 0.112837151f, -0.376126349f, 0.128379166f);
  return fma(x, q, x);
}

/** 2/√π ∫ exp(-t²) dt from 0 to x within 1.5 ulp: a polynomial near 0, elsewhere 1 - exp(t P(t)), where P fits ln(erfc t) / t. */
inline vf erf(vf x) {
  const vf size = absolute(x);
  const vf centre = erf_centre(size);
  const vf t = smaller(splat(4.0f), size); // erf 4 rounds to 1
  const vf p = polynomial(t, splat(-9.36499691e-6f), 3.04334797e-4f, -3.56828072e-3f, 2.36072354e-2f, -0.106059656f, -0.635256886f, -1.12862289f);
  const vf outside = 1.0f - exp(t * p);
  return with_sign(select(size < 0.9f, centre, outside), x);
}

/**
 * 1 - erf x within 6 ulp, also where it is tiny: from erf near 0, elsewhere exp(-x²) t P(t) with t = 1 / (1 + 0.4 |x|), and 2 less that for
 * negative x. x² is the exact square of the first 12 bits of x, and a rest.
 */
inline vf erfc(vf x) {
  const vf size = smaller(splat(10.5f), absolute(x)); // erfc 10.5 rounds to 0
  const vf t = 1.0f / fma(size, splat(0.4f), splat(1.0f));
  const vf p = polynomial(t, splat(6.00381568e-2f), -0.219955772f, 0.227359846f, -5.48421443e-2f, 0.165614739f, 0.161561698f, 0.20898065f,
                          0.2255757f, 0.225678787f);
  const vf head = (vf)((vi)size & -4096);
  Reduced e = reduce_exponent(-(head * head));
  e.r -= (size - head) * (size + head);
  const vf outside = t * p * exp(e);
  return select(size < 0.5f, 1.0f - with_sign(erf_centre(size), x), select(x < 0.0f, 2.0f - outside, outside));
}

/** Rounds to integers and keeps the sign of zero: floats from 2^23 on are integers, and adding 2^23 to a smaller one rounds it. */
inline vf round_to_even(vf x) {
  const vf size = absolute(x);
  const vf rounded = (size + 8388608.0f) - 8388608.0f;
  return with_sign(select(size < 8388608.0f, rounded, size), x);
}
inline vf floor(vf x) {
  const vf rounded = round_to_even(x);
  return with_sign(rounded - select(rounded > x, splat(1.0f), vf{}), x);
}
inline vf ceil(vf x) {
  const vf rounded = round_to_even(x);
  return with_sign(rounded + select(rounded < x, splat(1.0f), vf{}), x);
}

/** Functions of one value, with the same bits as in a vector. */
inline f32 exp(f32 x) { return exp(splat(x))[0]; }
inline f32 log(f32 x) { return log(splat(x))[0]; }
inline f32 sigmoid(f32 x) { return sigmoid(splat(x))[0]; }
inline f32 tanh(f32 x) { return tanh(splat(x))[0]; }

} // namespace SINAPSE_ISA
