// unary: functions of one operand.
#pragma once
#include "base/arguments.h"
#include "base/trigonometric.h"
#include "elementwise/loops.h"

namespace SINAPSE_ISA {

template <class T> inline T sign_of(T x) { return x > 0 ? T(1) : x < 0 ? T(-1) : x; } // of NaN and -0 themselves

__attribute__((noinline)) inline void unary_float(UnaryOp op, const f32 *x, void *to, i64 n) {
  f32 *y = static_cast<f32 *>(to);
  switch (op) {
  case UnaryOp::NEG: return map_exact([](f32 v) { return -v; }, n, y, x);
  case UnaryOp::ABS: return map_exact([](f32 v) { return __builtin_fabsf(v); }, n, y, x);
  case UnaryOp::SIGN: return map_exact([](f32 v) { return sign_of(v); }, n, y, x);
  case UnaryOp::FLOOR: return map_vectors([](vf v) { return floor(v); }, n, y, x);
  case UnaryOp::CEIL: return map_vectors([](vf v) { return ceil(v); }, n, y, x);
  case UnaryOp::ROUND: return map_vectors([](vf v) { return round_to_even(v); }, n, y, x);
  case UnaryOp::EXP: return map_vectors([](vf v) { return exp(v); }, n, y, x);
  case UnaryOp::EXPM1: return map_vectors([](vf v) { return expm1(v); }, n, y, x);
  case UnaryOp::LOG: return map_vectors([](vf v) { return log(v); }, n, y, x);
  case UnaryOp::LOG1P: return map_vectors([](vf v) { return log1p(v); }, n, y, x);
  case UnaryOp::SQRT: return map_vectors([](vf v) { return square_root(v); }, n, y, x);
  case UnaryOp::SIN: return map_vectors([](vf v) { return sin(v); }, n, y, x);
  case UnaryOp::COS: return map_vectors([](vf v) { return cos(v); }, n, y, x);
  case UnaryOp::TANH: return map_vectors([](vf v) { return tanh(v); }, n, y, x);
  case UnaryOp::SIGMOID: return map_vectors([](vf v) { return sigmoid(v); }, n, y, x);
  case UnaryOp::ERF: return map_vectors([](vf v) { return erf(v); }, n, y, x);
  case UnaryOp::ERFC: return map_vectors([](vf v) { return erfc(v); }, n, y, x);
  default: return map_exact([](f32 v) { return static_cast<u8>(v != v); }, n, static_cast<u8 *>(to), x); // isNaN
  }
}

inline void unary_integer(UnaryOp op, const u32 *x, u32 *y, i64 n) {
  if (op == UnaryOp::NEG) map_exact([](u32 v) { return 0 - v; }, n, y, x); // modulo 2^32
  else if (op == UnaryOp::ABS) map_exact([](u32 v) { return v >> 31 ? 0 - v : v; }, n, y, x);
  else map_exact([](u32 v) { return static_cast<u32>(sign_of(static_cast<i32>(v))); }, n, y, x);
}

inline void unary_rows(UnaryOp op, int dtype, const void *x, void *y, i64 n) {
  if (dtype == FLOAT32) unary_float(op, static_cast<const f32 *>(x), y, n);
  else if (dtype == INT32) unary_integer(op, static_cast<const u32 *>(x), static_cast<u32 *>(y), n);
  else map_exact([](u8 v) { return static_cast<u8>(v ^ 1); }, n, static_cast<u8 *>(y), static_cast<const u8 *>(x)); // not
}

// x, y, size, dtype of x, op
inline void unary(const f64 *from) {
  Arguments arguments(from);
  const u8 *x = arguments.pointer<u8>();
  u8 *y = arguments.pointer<u8>();
  const i64 size = arguments.integer();
  const int dtype = arguments.small();
  const UnaryOp op = static_cast<UnaryOp>(arguments.small());
  const int y_bytes = op == UnaryOp::IS_NAN ? 1 : BYTES[dtype];
  const bool function = op >= UnaryOp::EXP && op <= UnaryOp::ERF && op != UnaryOp::SQRT;
  parallel_ranges(size, function ? FUNCTION_GRAIN : MEMORY_GRAIN, [&](i64 begin, i64 end, int) {
    unary_rows(op, dtype, x + begin * BYTES[dtype], y + begin * y_bytes, end - begin);
  });
}

} // namespace SINAPSE_ISA

#define UNARY_KERNELS(KERNEL) KERNEL(unary)
