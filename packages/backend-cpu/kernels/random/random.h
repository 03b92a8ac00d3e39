// randomBits: words of Philox4x32-10. dropout: zeros where the words are below the rate.
#pragma once
#include "base/arguments.h"
#include "elementwise/loops.h"
#include "random/philox.h"

namespace SINAPSE_ISA {

/** Calls `body(i, n, bits)` in parallel for blocks of elements: bits[0 .. n) are the upper 24 bits of the words i .. i + n - 1. */
template <class Body> inline void for_random_bits(i64 size, u32 key_low, u32 key_high, const Body &body) {
  constexpr i64 BLOCK = 512; // a multiple of PHILOX_WORDS
  parallel_ranges(size, FUNCTION_GRAIN, [&](i64 begin, i64 end, int) {
    alignas(64) u32 words[BLOCK];
    for (i64 i = begin; i < end; i += BLOCK) {
      const i64 n = minimum(BLOCK, end - i);
      for (i64 w = 0; w < n; w += PHILOX_WORDS) philox(static_cast<u32>((i + w) / 4), key_low, key_high, words + w);
      body(i, n, words);
    }
  });
}

// y, size, low and high word of the key
inline void randomBits(const f64 *from) {
  Arguments arguments(from);
  u32 *y = arguments.pointer<u32>();
  const i64 size = arguments.integer();
  const u32 key_low = arguments.word();
  const u32 key_high = arguments.word();
  for_random_bits(size, key_low, key_high,
                  [&](i64 i, i64 n, const u32 *words) { map_exact([](u32 word) { return word >> 8; }, n, y + i, words); });
}

// x, y, size, low and high word of the key, the smallest 24 bits that are kept, the factor of kept elements
inline void dropout(const f64 *from) {
  Arguments arguments(from);
  const f32 *x = arguments.pointer<f32>();
  f32 *y = arguments.pointer<f32>();
  const i64 size = arguments.integer();
  const u32 key_low = arguments.word();
  const u32 key_high = arguments.word();
  const i32 least = arguments.small();
  const f32 scale = arguments.scalar();
  for_random_bits(size, key_low, key_high, [&](i64 i, i64 n, const u32 *words) {
    const auto keep = [=](u32 word, f32 v) {
      const f32 kept = v * scale;
      return static_cast<i32>(word >> 8) >= least ? kept : 0.0f;
    };
    map_exact(keep, n, y + i, words, x + i);
  });
}

} // namespace SINAPSE_ISA

#define RANDOM_KERNELS(KERNEL) KERNEL(randomBits) KERNEL(dropout)
