// Copies and fills of consecutive elements. For a few elements, a call of memcpy or memory.copy costs more than the copy itself.
#pragma once
#include "base/unroll.h"
#include "base/vector.h"

namespace SINAPSE_ISA {

/** Elements that one task of a kernel that moves elements handles. */
constexpr i64 MOVEMENT_GRAIN = 1 << 16;

/** Bytes from which the platform's copy is used. */
constexpr i64 LONG_RUN = 512;

inline void copy_run(u8 *y, const u8 *x, i64 n) {
  if (n >= LONG_RUN) {
    __builtin_memcpy(y, x, n);
    return;
  }
  constexpr i64 step = 4 * WIDTH;
  i64 i = 0;
  for (; i + step <= n; i += step) {
    vi v;
    __builtin_memcpy(&v, x + i, step);
    __builtin_memcpy(y + i, &v, step);
  }
  SINAPSE_ROLLED for (; i < n; i++) y[i] = x[i];
}

inline void copy_run(i32 *y, const i32 *x, i64 n) {
  if (n >= LONG_RUN / 4) {
    __builtin_memcpy(y, x, n * 4);
    return;
  }
  i64 i = 0;
  for (; i + WIDTH <= n; i += WIDTH) store_int(y + i, load_int(x + i));
  SINAPSE_ROLLED for (; i < n; i++) y[i] = x[i];
}

inline void fill_run(u8 *y, u8 value, i64 n) { __builtin_memset(y, value, n); }
inline void fill_run(i32 *y, i32 value, i64 n) {
  i64 i = 0;
  for (; i + WIDTH <= n; i += WIDTH) store_int(y + i, splat_int(value));
  SINAPSE_ROLLED for (; i < n; i++) y[i] = value;
}

} // namespace SINAPSE_ISA
