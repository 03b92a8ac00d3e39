// select: condition ? a : b; broadcastTo: x stretched. Both only move elements, by their size.
#pragma once
#include "elementwise/broadcast.h"
#include "elementwise/loops.h"

namespace SINAPSE_ISA {

template <class T> __attribute__((noinline)) inline void choose(const u8 *condition, const T *a, const T *b, T *y, i64 n) {
  map_exact([](u8 c, T t, T f) { return c ? t : f; }, n, y, condition, a, b);
}

template <class T> inline void select_rows(const Broadcast<3> &loops, const u8 *condition, const void *a, const void *b, void *y) {
  loops.run(MEMORY_GRAIN, [&](const i64 (&at)[3], i64 to, i64 n) {
    const Row<u8> chosen(condition + at[0], loops.step(0), n);
    const Row<T> when_true(static_cast<const T *>(a) + at[1], loops.step(1), n), when_false(static_cast<const T *>(b) + at[2], loops.step(2), n);
    for (i64 i = 0; i < n; i += STRETCH)
      choose(chosen.at(i), when_true.at(i), when_false.at(i), static_cast<T *>(y) + to + i, minimum(STRETCH, n - i));
  });
}

// condition, a, b, y, bytes of an element; the axes of y with those of condition, a and b
inline void select(const f64 *from) {
  Arguments arguments(from);
  const u8 *condition = arguments.pointer<u8>();
  const void *a = arguments.pointer<u8>();
  const void *b = arguments.pointer<u8>();
  void *y = arguments.pointer<u8>();
  const int bytes = arguments.small();
  const Broadcast<3> loops(arguments);
  if (bytes == 1) select_rows<u8>(loops, condition, a, b, y);
  else select_rows<u32>(loops, condition, a, b, y);
}

template <class T> __attribute__((noinline)) inline void copy_row(const T *x, i64 step, T *y, i64 n) {
  if (step == 0) map_exact([value = *x]() { return value; }, n, y);
  else map_exact([](T v) { return v; }, n, y, x);
}

template <class T> inline void broadcast_rows(const Broadcast<1> &loops, const void *x, void *y) {
  loops.run(MEMORY_GRAIN, [&](const i64 (&at)[1], i64 to, i64 n) {
    copy_row(static_cast<const T *>(x) + at[0], loops.step(0), static_cast<T *>(y) + to, n);
  });
}

// x, y, bytes of an element; the axes of y with those of x
inline void broadcastTo(const f64 *from) {
  Arguments arguments(from);
  const void *x = arguments.pointer<u8>();
  void *y = arguments.pointer<u8>();
  const int bytes = arguments.small();
  const Broadcast<1> loops(arguments);
  if (bytes == 1) broadcast_rows<u8>(loops, x, y);
  else broadcast_rows<u32>(loops, x, y);
}

} // namespace SINAPSE_ISA

#define SELECT_KERNELS(KERNEL) KERNEL(select) KERNEL(broadcastTo)
