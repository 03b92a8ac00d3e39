// fill: every element one value.
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "base/vector.h"

namespace SINAPSE_ISA {

/** Elements that one task works on: small enough to balance, large enough to be worth waking a thread. */
constexpr i64 ELEMENTWISE_GRAIN = 1 << 15;

// y, size, bytes of an element, value
inline void fill(const f64 *from) {
  Arguments arguments(from);
  u8 *y = arguments.pointer<u8>();
  const i64 size = arguments.integer();
  const int dtype = arguments.small();
  const f64 value = arguments.real();
  parallel_ranges(size, 4 * ELEMENTWISE_GRAIN, [&](i64 begin, i64 end, int) {
    if (dtype == FLOAT32) {
      f32 *p = reinterpret_cast<f32 *>(y);
      for (i64 i = begin; i < end; i++) p[i] = static_cast<f32>(value);
    } else if (dtype == INT32) {
      i32 *p = reinterpret_cast<i32 *>(y);
      for (i64 i = begin; i < end; i++) p[i] = static_cast<i32>(value);
    } else {
      __builtin_memset(y + begin, static_cast<int>(value), end - begin);
    }
  });
}

} // namespace SINAPSE_ISA

#define FILL_KERNELS(KERNEL) KERNEL(fill)
