// Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011). Ten rounds of
// multiplication and exclusive or turn a counter and a key into four random words.
#pragma once
#include "base/double.h"

namespace SINAPSE_ISA {

/** The low 32 bits of each element times a word: 64 bits. */
inline vul multiply_words(vul a, u32 b) {
#if defined(__AVX512F__) && SINAPSE_WIDTH == 16
  return (vul)_mm512_maskz_mul_epu32(0xff, (__m512i)a, _mm512_set1_epi64(b));
#elif defined(__AVX2__) && SINAPSE_WIDTH == 8
  return (vul)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(b));
#elif defined(__SSE2__) && SINAPSE_WIDTH == 4
  return (vul)_mm_mul_epu32((__m128i)a, _mm_set1_epi64x(b));
#else
  return (a & 0xffffffff) * (vul{} + b);
#endif
}

/** Four words from each of the counters (first + i, 0, 0, 0), in order. */
constexpr i64 PHILOX_WORDS = 2 * SINAPSE_WIDTH;
inline void philox(u32 first, u32 key_low, u32 key_high, u32 *words) {
  constexpr int COUNTERS = SINAPSE_WIDTH / 2;
  // Each element holds a word in its low half; nobody reads the high halves.
  vul x0 = {}, x1 = {}, x2 = {}, x3 = {};
  for (int i = 0; i < COUNTERS; i++) x0[i] = static_cast<u64>(i);
  x0 += first;
  for (int round = 0; round < 10; round++) {
    const vul p = multiply_words(x0, 0xd2511f53), q = multiply_words(x2, 0xcd9e8d57);
    x0 = (q >> 32) ^ x1 ^ key_low;
    x2 = (p >> 32) ^ x3 ^ key_high;
    x1 = q;
    x3 = p;
    key_low += 0x9e3779b9;
    key_high += 0xbb67ae85;
  }
  const vul low = (x0 & 0xffffffff) | (x1 << 32), high = (x2 & 0xffffffff) | (x3 << 32);
  for (int i = 0; i < COUNTERS; i++) {
    const u64 both[2] = {low[i], high[i]};
    __builtin_memcpy(words + 4 * i, both, sizeof both);
  }
}

} // namespace SINAPSE_ISA
