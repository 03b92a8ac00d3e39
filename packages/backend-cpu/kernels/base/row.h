// A row of floats, vector by vector: `body(v, i, count)` with elements i .. i + count - 1 in v; behind the last element zeros.
#pragma once
#include "base/vector.h"

namespace SINAPSE_ISA {

/** Set in the first n lanes. */
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

/** Elements i .. i + count - 1 of a row of at least that many. */
inline vf load_some(const f32 *p, i64 count) { return count == WIDTH ? load(p) : load_part(p, count); }
inline void store_some(f32 *p, vf v, i64 count) {
  if (count == WIDTH) store(p, v);
  else store_part(p, v, count);
}

} // namespace SINAPSE_ISA
