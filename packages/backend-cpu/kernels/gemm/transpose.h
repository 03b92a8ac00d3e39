// Small transpositions in registers, for packing an operand whose rows run along k.
#pragma once
#include "base/vector.h"
#include "gemm/shape.h"

namespace SINAPSE_ISA {

constexpr int LANES = WIDTH / 4;
typedef f32 v4 __attribute__((vector_size(16)));
typedef f64 vd __attribute__((vector_size(SINAPSE_WIDTH * 4)));

/** Loads four elements from each of LANES addresses, one lane of the vector each. */
__attribute__((always_inline)) inline vf load_lanes(const f32 *const *p, isize at) {
  v4 part[LANES];
  for (int lane = 0; lane < LANES; lane++) __builtin_memcpy(&part[lane], p[4 * lane] + at, sizeof part[lane]);
#if SINAPSE_WIDTH == 16
  typedef f32 v8 __attribute__((vector_size(32)));
  const v8 low = __builtin_shufflevector(part[0], part[1], 0, 1, 2, 3, 4, 5, 6, 7);
  const v8 high = __builtin_shufflevector(part[2], part[3], 0, 1, 2, 3, 4, 5, 6, 7);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#elif SINAPSE_WIDTH == 8
  return __builtin_shufflevector(part[0], part[1], 0, 1, 2, 3, 4, 5, 6, 7);
#else
  return part[0];
#endif
}

/** Within each lane of four elements, interleaves the lower (upper) halves of a and b. */
inline vf interleave_low(vf a, vf b) {
#if SINAPSE_WIDTH == 16
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
#elif SINAPSE_WIDTH == 8
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
#else
  return __builtin_shufflevector(a, b, 0, 4, 1, 5);
#endif
}
inline vf interleave_high(vf a, vf b) {
#if SINAPSE_WIDTH == 16
  return __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
#elif SINAPSE_WIDTH == 8
  return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
#else
  return __builtin_shufflevector(a, b, 2, 6, 3, 7);
#endif
}
/** The same for pairs of elements. */
inline vf pairs_low(vf a, vf b) {
#if SINAPSE_WIDTH == 16
  return (vf)__builtin_shufflevector((vd)a, (vd)b, 0, 8, 2, 10, 4, 12, 6, 14);
#elif SINAPSE_WIDTH == 8
  return (vf)__builtin_shufflevector((vd)a, (vd)b, 0, 4, 2, 6);
#else
  return (vf)__builtin_shufflevector((vd)a, (vd)b, 0, 2);
#endif
}
inline vf pairs_high(vf a, vf b) {
#if SINAPSE_WIDTH == 16
  return (vf)__builtin_shufflevector((vd)a, (vd)b, 1, 9, 3, 11, 5, 13, 7, 15);
#elif SINAPSE_WIDTH == 8
  return (vf)__builtin_shufflevector((vd)a, (vd)b, 1, 5, 3, 7);
#else
  return (vf)__builtin_shufflevector((vd)a, (vd)b, 1, 3);
#endif
}

/** Loads elements at .. at + 3 of WIDTH rows as four columns of WIDTH elements. */
__attribute__((always_inline)) inline void load_transposed(const f32 *const *rows, isize at, vf (&column)[4]) {
  const vf r0 = load_lanes(rows, at), r1 = load_lanes(rows + 1, at), r2 = load_lanes(rows + 2, at), r3 = load_lanes(rows + 3, at);
  const vf low01 = interleave_low(r0, r1), high01 = interleave_high(r0, r1);
  const vf low23 = interleave_low(r2, r3), high23 = interleave_high(r2, r3);
  column[0] = pairs_low(low01, low23);
  column[1] = pairs_high(low01, low23);
  column[2] = pairs_low(high01, high23);
  column[3] = pairs_high(high01, high23);
}

} // namespace SINAPSE_ISA
