// fill: sets every element to one value.
#pragma once
#include "base/arguments.h"
#include "elementwise/convert.h"
#include "elementwise/loops.h"

namespace SINAPSE_ISA {

// y, size, dtype, value
inline void fill(const f64 *from) {
  Arguments arguments(from);
  u8 *y = arguments.pointer<u8>();
  const i64 size = arguments.integer();
  const int dtype = arguments.small();
  const Element element = element_of(dtype, arguments.real());
  parallel_ranges(size, 2 * MEMORY_GRAIN, [&](i64 begin, i64 end, int) {
    if (BYTES[dtype] == 1) {
      __builtin_memset(y + begin, element.bytes[0], end - begin);
      return;
    }
    u32 word;
    __builtin_memcpy(&word, element.bytes, 4);
    u32 *p = reinterpret_cast<u32 *>(y);
    for (i64 i = begin; i < end; i++) p[i] = word;
  });
}

} // namespace SINAPSE_ISA

#define FILL_KERNELS(KERNEL) KERNEL(fill)
