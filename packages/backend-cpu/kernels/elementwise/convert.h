// Converts between element types, as docs/kernels.md defines `cast`: rounds towards zero and clamps, NaN gives 0, anything but 0 is true.
#pragma once
#include "base/types.h"

namespace SINAPSE_ISA {

inline i32 to_int32(f32 x) {
  const f32 number = x == x ? x : 0.0f;
  const f32 below = number < 2147483648.0f ? number : 0.0f; // the conversion is undefined beyond int32
  const i32 converted = static_cast<i32>(below > -2147483648.0f ? below : -2147483648.0f);
  return number < 2147483648.0f ? converted : 0x7fffffff;
}
inline i32 to_int32(f64 x) {
  if (x != x) return 0;
  return static_cast<i32>(x >= 2147483647.0 ? 2147483647.0 : x <= -2147483648.0 ? -2147483648.0 : x);
}

inline u8 to_uint8(f32 x) { return static_cast<u8>(static_cast<i32>(x > 0.0f ? (x < 255.0f ? x : 255.0f) : 0.0f)); }
inline u8 to_uint8(f64 x) { return static_cast<u8>(x > 0 ? (x < 255 ? x : 255) : 0); }
inline u8 to_uint8(i32 x) { return static_cast<u8>(x > 0 ? (x < 255 ? x : 255) : 0); }

template <class T> inline u8 to_bool(T x) { return x != 0 ? 1 : 0; }

/** A JavaScript number as an element, in the first of these bytes. */
struct Element {
  alignas(4) u8 bytes[4];
};
inline Element element_of(int dtype, f64 value) {
  Element element = {};
  const f32 number = static_cast<f32>(value);
  const i32 integer = to_int32(value);
  if (dtype == FLOAT32) __builtin_memcpy(element.bytes, &number, 4);
  else if (dtype == INT32) __builtin_memcpy(element.bytes, &integer, 4);
  else element.bytes[0] = dtype == UINT8 ? to_uint8(value) : to_bool(value);
  return element;
}

} // namespace SINAPSE_ISA
