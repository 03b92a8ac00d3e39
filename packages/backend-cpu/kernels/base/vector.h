// A vector of floats as wide as the instruction set. Most operations are GCC's vector extensions, which both compilers turn into single instructions;
// a few need an intrinsic.
#pragma once
#include "base/types.h"

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// Set by the build for each instruction set: SINAPSE_ISA its namespace, SINAPSE_WIDTH the floats of a vector.
namespace SINAPSE_ISA {

constexpr int WIDTH = SINAPSE_WIDTH;

typedef f32 vf __attribute__((vector_size(SINAPSE_WIDTH * 4)));
typedef i32 vi __attribute__((vector_size(SINAPSE_WIDTH * 4)));
typedef u32 vu __attribute__((vector_size(SINAPSE_WIDTH * 4)));

/** Loads and stores need no alignment. */
inline vf load(const f32 *p) {
  vf v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
inline void store(f32 *p, vf v) { __builtin_memcpy(p, &v, sizeof v); }
inline vi load_int(const i32 *p) {
  vi v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
inline void store_int(i32 *p, vi v) { __builtin_memcpy(p, &v, sizeof v); }

typedef f32 __attribute__((may_alias)) any_f32;

/** The first n < WIDTH elements, then zeros. Reads nothing beyond the n. */
inline vf load_part(const f32 *p, i64 n) {
#if defined(__AVX512F__) && SINAPSE_WIDTH == 16
  return (vf)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1), p);
#elif defined(__AVX2__) && SINAPSE_WIDTH == 8
  alignas(64) static const i32 MASKS[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return (vf)_mm256_maskload_ps(p, _mm256_loadu_si256(reinterpret_cast<const __m256i *>(MASKS + 8 - n)));
#else
  const any_f32 *from = p;
  vf v = {};
  if constexpr (WIDTH == 4) {
    if (n == 1) v = vf{from[0]};
    if (n == 2) v = vf{from[0], from[1]};
    if (n == 3) v = vf{from[0], from[1], from[2]};
  } else {
    for (i64 i = 0; i < n; i++) v[i] = from[i];
  }
  return v;
#endif
}

/** Writes the first n < WIDTH elements and nothing beyond them. */
inline void store_part(f32 *p, vf v, i64 n) {
#if defined(__AVX512F__) && SINAPSE_WIDTH == 16
  _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << n) - 1), (__m512)v);
#else
  // Stores a half, a quarter and so on, because masked stores are slow on many processors.
  f32 part[WIDTH];
  store(part, v);
  const f32 *from = part;
  for (i64 piece = WIDTH / 2; piece > 0; piece /= 2) {
    if ((n & piece) == 0) continue;
    __builtin_memcpy(p, from, piece * 4);
    p += piece;
    from += piece;
  }
#endif
}
inline vi load_int_part(const i32 *p, i64 n) { return (vi)load_part(reinterpret_cast<const f32 *>(p), n); }
inline void store_int_part(i32 *p, vi v, i64 n) { store_part(reinterpret_cast<f32 *>(p), (vf)v, n); }

inline vf splat(f32 x) { return x - vf{}; }
inline vi splat_int(i32 x) { return x - vi{}; }

/** a * b + c, rounded once where the processor can (twice in wasm simd128 and on the x86-64 baseline). */
inline vf fma(vf a, vf b, vf c) {
#if defined(__AVX512F__) && SINAPSE_WIDTH == 16
  return (vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__FMA__) && SINAPSE_WIDTH == 8
  return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__wasm_relaxed_simd__)
  return (vf)wasm_f32x4_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
#elif defined(__aarch64__)
  return (vf)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
  return a * b + c;
#endif
}

/** Element by element: mask ? a : b. A comparison gives a mask: all bits set, or none. */
inline vf select(vi mask, vf a, vf b) { return mask ? a : b; }
inline vi select_int(vi mask, vi a, vi b) { return mask ? a : b; }

/** Whether a mask is set anywhere. */
inline bool any(vi mask) {
#if defined(__AVX512F__) && SINAPSE_WIDTH == 16
  return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0;
#elif defined(__AVX2__) && SINAPSE_WIDTH == 8
  return _mm256_movemask_ps((__m256)mask) != 0;
#elif defined(__SSE2__) && SINAPSE_WIDTH == 4
  return _mm_movemask_ps((__m128)mask) != 0;
#elif defined(__wasm_simd128__)
  return wasm_v128_any_true((v128_t)mask);
#elif defined(__aarch64__)
  return vmaxvq_u32((uint32x4_t)mask) != 0;
#else
  i32 found = 0;
  for (int i = 0; i < WIDTH; i++) found |= mask[i];
  return found != 0;
#endif
}

/** The larger of a and b; b where one of them is NaN (as the instructions of x86 do). */
inline vf larger(vf a, vf b) {
#if defined(__wasm_simd128__)
  return (vf)wasm_f32x4_pmax((v128_t)b, (v128_t)a);
#else
  return a > b ? a : b;
#endif
}
/** The smaller of a and b; b where one of them is NaN. */
inline vf smaller(vf a, vf b) {
#if defined(__wasm_simd128__)
  return (vf)wasm_f32x4_pmin((v128_t)b, (v128_t)a);
#else
  return a < b ? a : b;
#endif
}

inline vf square_root(vf v) {
#if defined(__AVX512F__) && SINAPSE_WIDTH == 16
  return (vf)_mm512_maskz_sqrt_ps(0xffff, (__m512)v);
#elif defined(__AVX2__) && SINAPSE_WIDTH == 8
  return (vf)_mm256_sqrt_ps((__m256)v);
#elif defined(__SSE2__) && SINAPSE_WIDTH == 4
  return (vf)_mm_sqrt_ps((__m128)v);
#elif defined(__wasm_simd128__)
  return (vf)wasm_f32x4_sqrt((v128_t)v);
#elif defined(__aarch64__)
  return (vf)vsqrtq_f32((float32x4_t)v);
#else
  for (int i = 0; i < WIDTH; i++) v[i] = __builtin_sqrtf(v[i]);
  return v;
#endif
}

/** The sum of the elements, in a fixed order: halves are added to halves. */
inline f32 sum(vf v) {
  f32 part[WIDTH];
  store(part, v);
  for (int half = WIDTH / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) part[i] += part[i + half];
  return part[0];
}

} // namespace SINAPSE_ISA
