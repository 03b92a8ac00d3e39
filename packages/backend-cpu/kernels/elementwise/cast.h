// cast: between element types.
#pragma once
#include "base/arguments.h"
#include "elementwise/convert.h"
#include "elementwise/loops.h"

namespace SINAPSE_ISA {

template <class T> inline void cast_from(const T *x, int to, void *y, i64 begin, i64 end) {
  const i64 n = end - begin;
  x += begin;
  if (to == FLOAT32) map_exact([](T v) { return static_cast<f32>(v); }, n, static_cast<f32 *>(y) + begin, x);
  else if (to == BOOL) map_exact([](T v) { return to_bool(v); }, n, static_cast<u8 *>(y) + begin, x);
  else if constexpr (sizeof(T) == 1) {
    if (to == INT32) map_exact([](T v) { return static_cast<i32>(v); }, n, static_cast<i32 *>(y) + begin, x);
    else __builtin_memcpy(static_cast<u8 *>(y) + begin, x, n);
  } else {
    if (to == UINT8) map_exact([](T v) { return to_uint8(v); }, n, static_cast<u8 *>(y) + begin, x);
    else if constexpr (static_cast<T>(0.5) != 0) map_exact([](T v) { return to_int32(v); }, n, static_cast<i32 *>(y) + begin, x);
  }
}

// x, y, size, dtype of x, dtype of y; two different ones
inline void cast(const f64 *from) {
  Arguments arguments(from);
  const void *x = arguments.pointer<u8>();
  void *y = arguments.pointer<u8>();
  const i64 size = arguments.integer();
  const int x_type = arguments.small();
  const int y_type = arguments.small();
  parallel_ranges(size, MEMORY_GRAIN, [&](i64 begin, i64 end, int) {
    if (x_type == FLOAT32) cast_from(static_cast<const f32 *>(x), y_type, y, begin, end);
    else if (x_type == INT32) cast_from(static_cast<const i32 *>(x), y_type, y, begin, end);
    else cast_from(static_cast<const u8 *>(x), y_type, y, begin, end);
  });
}

} // namespace SINAPSE_ISA

#define CAST_KERNELS(KERNEL) KERNEL(cast)
