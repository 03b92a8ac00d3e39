// gather: selects rows by index. x is [outer, length, inner], y [outer, indices, inner].
#pragma once
#include "base/arguments.h"
#include "base/host.h"
#include "movement/run.h"

namespace SINAPSE_ISA {

template <class T>
inline void gather_rows(const T *x, const i32 *indices, T *y, i64 outer, i64 length, i64 count, i64 inner, T outside) {
  parallel_ranges(outer * count, ceil_div(MOVEMENT_GRAIN, inner), [&](i64 begin, i64 end, int) {
    const T *slab = x + begin / count * length * inner;
    i64 at = begin % count;
    for (i64 row = begin; row < end; row++) {
      const i64 index = indices[at];
      if (index >= 0 && index < length) copy_run(y + row * inner, slab + index * inner, inner);
      else fill_run(y + row * inner, outside, inner);
      if (++at == count) {
        at = 0;
        slab += length * inner;
      }
    }
  });
}

// x, indices, y, dtype, outer, length, number of indices, inner. y is not empty.
inline void gather(const f64 *from) {
  Arguments arguments(from);
  const u8 *x = arguments.pointer<u8>();
  const i32 *indices = arguments.pointer<i32>();
  u8 *y = arguments.pointer<u8>();
  const int dtype = arguments.small();
  const i64 outer = arguments.integer(), length = arguments.integer(), count = arguments.integer(), inner = arguments.integer();
  constexpr i32 nan = 0x7fc00000;
  if (BYTES[dtype] == 1) gather_rows<u8>(x, indices, y, outer, length, count, inner, 0);
  else
    gather_rows<i32>(reinterpret_cast<const i32 *>(x), indices, reinterpret_cast<i32 *>(y), outer, length, count, inner,
                     dtype == FLOAT32 ? nan : 0);
}

} // namespace SINAPSE_ISA

#define GATHER_KERNELS(KERNEL) KERNEL(gather)
