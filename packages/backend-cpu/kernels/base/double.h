// Vectors of doubles, for the few functions whose intermediate results need more digits than float32 has.
#pragma once
#include "base/vector.h"

namespace SINAPSE_ISA {

typedef f64 vd __attribute__((vector_size(SINAPSE_WIDTH * 4)));
typedef u64 vul __attribute__((vector_size(SINAPSE_WIDTH * 4)));
typedef i64 vl __attribute__((vector_size(SINAPSE_WIDTH * 4)));

inline vd splat_double(f64 x) { return x - vd{}; }

inline vd fma(vd a, vd b, vd c) {
#if defined(__AVX512F__) && SINAPSE_WIDTH == 16
  return (vd)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__FMA__) && SINAPSE_WIDTH == 8
  return (vd)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#elif defined(__wasm_relaxed_simd__)
  return (vd)wasm_f64x2_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
#elif defined(__aarch64__)
  return (vd)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#else
  return a * b + c;
#endif
}

/** Element by element: mask ? a : b. */
inline vd select(vl mask, vd a, vd b) { return mask ? a : b; }

/** A vector of floats as doubles: its first half and its second half. */
struct Doubles {
  vd low, high;
};

inline Doubles widen(vf v) {
#if defined(__AVX512F__) && SINAPSE_WIDTH == 16
  return {(vd)_mm512_maskz_cvtps_pd(0xff, _mm512_castps512_ps256((__m512)v)),
          (vd)_mm512_maskz_cvtps_pd(0xff, _mm512_maskz_extractf32x8_ps(0xff, (__m512)v, 1))};
#elif defined(__AVX2__) && SINAPSE_WIDTH == 8
  return {(vd)_mm256_cvtps_pd(_mm256_castps256_ps128((__m256)v)), (vd)_mm256_cvtps_pd(_mm256_extractf128_ps((__m256)v, 1))};
#elif defined(__SSE2__) && SINAPSE_WIDTH == 4
  return {(vd)_mm_cvtps_pd((__m128)v), (vd)_mm_cvtps_pd(_mm_movehl_ps((__m128)v, (__m128)v))};
#elif defined(__wasm_simd128__)
  const v128_t high = wasm_i32x4_shuffle((v128_t)v, (v128_t)v, 2, 3, 2, 3);
  return {(vd)wasm_f64x2_promote_low_f32x4((v128_t)v), (vd)wasm_f64x2_promote_low_f32x4(high)};
#elif defined(__aarch64__)
  return {(vd)vcvt_f64_f32(vget_low_f32((float32x4_t)v)), (vd)vcvt_high_f64_f32((float32x4_t)v)};
#else
  Doubles d = {};
  for (int i = 0; i < WIDTH / 2; i++) {
    d.low[i] = v[i];
    d.high[i] = v[i + WIDTH / 2];
  }
  return d;
#endif
}

/** Rounded to floats. */
inline vf narrow(Doubles d) {
#if defined(__AVX512F__) && SINAPSE_WIDTH == 16
  const __m512 low = _mm512_castps256_ps512(_mm512_maskz_cvtpd_ps(0xff, (__m512d)d.low));
  return (vf)_mm512_maskz_insertf32x8(0xffff, low, _mm512_maskz_cvtpd_ps(0xff, (__m512d)d.high), 1);
#elif defined(__AVX2__) && SINAPSE_WIDTH == 8
  return (vf)_mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps((__m256d)d.low)), _mm256_cvtpd_ps((__m256d)d.high), 1);
#elif defined(__SSE2__) && SINAPSE_WIDTH == 4
  return (vf)_mm_movelh_ps(_mm_cvtpd_ps((__m128d)d.low), _mm_cvtpd_ps((__m128d)d.high));
#elif defined(__wasm_simd128__)
  const v128_t low = wasm_f32x4_demote_f64x2_zero((v128_t)d.low);
  const v128_t high = wasm_f32x4_demote_f64x2_zero((v128_t)d.high);
  return (vf)wasm_i32x4_shuffle(low, high, 0, 1, 4, 5);
#elif defined(__aarch64__)
  return (vf)vcvt_high_f32_f64(vcvt_f32_f64((float64x2_t)d.low), (float64x2_t)d.high);
#else
  vf v = {};
  for (int i = 0; i < WIDTH / 2; i++) {
    v[i] = static_cast<f32>(d.low[i]);
    v[i + WIDTH / 2] = static_cast<f32>(d.high[i]);
  }
  return v;
#endif
}

/** The nearest integer for |x| < 2^51, ties to even. The lowest bits of `bits` are those of the integer. */
struct RoundedDouble {
  vd value;
  vul bits;
};
inline RoundedDouble round_small(vd x) {
  const vd magic = splat_double(6755399441055744.0); // 1.5 * 2^52
  const vd shifted = x + magic;
  return {shifted - magic, (vul)shifted};
}

/** Evaluates a polynomial by Horner's rule; coefficients go from the highest power down. */
inline vd polynomial(vd, vd first) { return first; }
template <class... Rest> inline vd polynomial(vd x, vd first, f64 second, Rest... rest) {
  return polynomial(x, fma(first, x, splat_double(second)), rest...);
}

} // namespace SINAPSE_ISA
