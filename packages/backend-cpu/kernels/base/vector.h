// A vector of floats as wide as the instruction set: GCC's vector extensions, which both compilers turn into single instructions, and the
// few operations that need an intrinsic.
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

/** The first n < WIDTH elements, zeros behind them. Reads nothing beyond. */
inline vf load_part(const f32 *p, i64 n) {
  vf v = {};
  for (i64 i = 0; i < n; i++) v[i] = p[i];
  return v;
}
inline void store_part(f32 *p, vf v, i64 n) {
  for (i64 i = 0; i < n; i++) p[i] = v[i];
}

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

/** Element by element: mask ? a : b. */
inline vf select(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }
inline vi select_int(vi mask, vi a, vi b) { return (mask & a) | (~mask & b); }

/** The larger; b where one of them is NaN (as the instructions of x86 do). */
inline vf larger(vf a, vf b) { return select(a > b, a, b); }
inline vf smaller(vf a, vf b) { return select(a < b, a, b); }

/** The sum of the elements, halves added to halves: always in the same order. */
inline f32 sum(vf v) {
  f32 part[WIDTH];
  store(part, v);
  for (int half = WIDTH / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) part[i] += part[i + half];
  return part[0];
}

} // namespace SINAPSE_ISA
