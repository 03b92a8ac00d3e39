// Walks a row of floats by vectors: `body(v, i, count)` gets elements i .. i + count - 1 in v; the lanes after them are 0.
#pragma once
#include "base/vector.h"

namespace SINAPSE_ISA {

/** A mask that is set in the first n lanes. */
inline vi first_lanes(i64 n) {
  vi lane = {};
  for (int i = 0; i < WIDTH; i++) lane[i] = i;
  return lane < splat_int(static_cast<i32>(n));
}

template <class Body> __attribute__((always_inline)) inline void for_each_vector(const f32 *x, i64 n, const Body &body) {
  i64 i = 0;
  for (; i + WIDTH <= n; i += WIDTH) body(load(x + i), i, static_cast<i64>(WIDTH));
  if (i < n) body(load_part(x + i, n - i), i, n - i);
}

/** Loads or stores `count` <= WIDTH elements from p on. */
inline vf load_some(const f32 *p, i64 count) { return count == WIDTH ? load(p) : load_part(p, count); }
inline void store_some(f32 *p, vf v, i64 count) {
  if (count == WIDTH) store(p, v);
  else store_part(p, v, count);
}

} // namespace SINAPSE_ISA
