// Loops over elements, and how many elements make a task.
#pragma once
#include "base/host.h"
#include "base/math.h"

namespace SINAPSE_ISA {

// Elements of a task, by the cost of one: 5 to 20 µs of work, enough to be worth waking a thread, little enough to balance.
constexpr i64 MEMORY_GRAIN = 1 << 16;
constexpr i64 FUNCTION_GRAIN = 1 << 14;
constexpr i64 COSTLY_GRAIN = 1 << 12;

inline vf read(const f32 *p) { return load(p); }
inline vi read(const i32 *p) { return load_int(p); }
inline vf read_part(const f32 *p, i64 n) { return load_part(p, n); }
inline vi read_part(const i32 *p, i64 n) { return load_int_part(p, n); }
inline void write(f32 *p, vf v) { store(p, v); }
inline void write(i32 *p, vi v) { store_int(p, v); }
inline void write_part(f32 *p, vf v, i64 n) { store_part(p, v, n); }
inline void write_part(i32 *p, vi v, i64 n) { store_int_part(p, v, n); }

/** y[i] = f(x[i], …) in vectors. The last elements go through f in a vector too, so a result does not depend on its index. */
template <class F, class T, class... X> inline void map_vectors(const F &f, i64 n, T *y, const X *...x) {
  i64 i = 0;
  for (; i + WIDTH <= n; i += WIDTH) write(y + i, f(read(x + i)...));
  if (i < n) write_part(y + i, f(read_part(x + i, n - i)...), n - i);
}

/** y[i] = f(x[i], …) one by one: for exact operations, which compilers vectorise by themselves. */
template <class F, class R, class... X> inline void map_exact(const F &f, i64 n, R *__restrict y, const X *...x) {
  for (i64 i = 0; i < n; i++) y[i] = f(x[i]...);
}

} // namespace SINAPSE_ISA
