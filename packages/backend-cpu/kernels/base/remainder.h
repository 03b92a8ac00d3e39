// The remainder with the sign of the divisor: a - floor(a / b) b, exact before it is rounded to float32.
#pragma once
#include "base/double.h"
#include "base/math.h"

namespace SINAPSE_ISA {

/** |x| = mantissa * 2^exponent. */
struct Parts {
  u64 mantissa;
  int exponent;
};
inline Parts parts_of(f32 x) {
  u32 bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  const int field = static_cast<int>(bits >> 23 & 0xff);
  const u64 fraction = bits & 0x7fffff;
  return field == 0 ? Parts{fraction, -149} : Parts{fraction | 0x800000, field - 150};
}

/** Any operands: long division of the mantissas, 32 bits at a time. */
inline f32 remainder(f32 a, f32 b) {
  const f32 big = __builtin_inff();
  const f32 size_a = __builtin_fabsf(a), size_b = __builtin_fabsf(b);
  if (!(size_a < big) || !(size_b > 0)) return __builtin_nanf("");
  f64 rest = size_a;
  if (size_a >= size_b) {
    const Parts from = parts_of(a), by = parts_of(b);
    u64 mantissa = from.mantissa % by.mantissa;
    for (int left = from.exponent - by.exponent; left > 0; left -= 32) mantissa = (mantissa << minimum(left, 32)) % by.mantissa;
    const u64 power = static_cast<u64>(by.exponent + 1023) << 52;
    f64 scale;
    __builtin_memcpy(&scale, &power, sizeof scale);
    rest = static_cast<f64>(mantissa) * scale;
  }
  if (rest == 0) return b < 0 ? -0.0f : 0.0f;
  const f64 truncated = a < 0 ? -rest : rest;
  return static_cast<f32>((a < 0) == (b < 0) ? truncated : truncated + b);
}

/** For |a / b| < 2^28 and finite b: n b has at most 53 digits, so a - n b is exact. */
inline vd remainder(vd a, vd b, vd quotient) {
  const vd n = round_small(quotient).value;
  const vd rest = a - n * b; // of either sign
  const vd moved = select((rest < 0.0) ^ (b < 0.0), rest + b, rest);
  return select(rest == 0.0, (vd)((vul)b & 0x8000000000000000), moved);
}

inline vf remainder(vf a, vf b) {
  const Doubles x = widen(a), y = widen(b);
  const Doubles quotient = {x.low / y.low, x.high / y.high};
  vf result = narrow({remainder(x.low, y.low, quotient.low), remainder(x.high, y.high, quotient.high)});
  const vi simple = (absolute(narrow(quotient)) < 268435456.0f) & (absolute(b) < infinity());
  if (any(~simple)) {
    for (int i = 0; i < WIDTH; i++)
      if (!simple[i]) result[i] = remainder(a[i], b[i]);
  }
  return result;
}

} // namespace SINAPSE_ISA
