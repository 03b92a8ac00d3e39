// Functions of two operands on rows of elements: y[i] = op(a[i], b[i]). docs/kernels.md says what they give for NaN, 0 and the like.
#pragma once
#include "base/power.h"
#include "base/remainder.h"
#include "elementwise/loops.h"

namespace SINAPSE_ISA {

typedef i32 int_half __attribute__((vector_size(SINAPSE_WIDTH * 2)));

/** a / b towards zero, in float64, which holds quotients of int32 exactly. 0 for b = 0; -2^31 / -1 wraps. */
inline vi divide(vi a, vi b) {
  const vi unusual = (b == 0) | (b == -1);
  const vi divisor = select_int(unusual, splat_int(1), b);
  int_half numerators[2], denominators[2], quotients[2];
  __builtin_memcpy(numerators, &a, sizeof a);
  __builtin_memcpy(denominators, &divisor, sizeof divisor);
  for (int i = 0; i < 2; i++)
    quotients[i] = __builtin_convertvector(__builtin_convertvector(numerators[i], vd) / __builtin_convertvector(denominators[i], vd), int_half);
  vi quotient;
  __builtin_memcpy(&quotient, quotients, sizeof quotient);
  return select_int(unusual, (vi)(0 - (vu)a) & b, quotient); // b has all bits set, or none
}

/** The remainder with the sign of b; 0 for b = 0. */
inline vi modulo(vi a, vi b) {
  const vi rest = (vi)((vu)a - (vu)divide(a, b) * (vu)b);
  const vi moved = (vi)((vu)rest + (vu)b);
  return select_int(b == 0, vi{}, select_int((rest != 0) & ((rest ^ b) < 0), moved, rest));
}

/** Modulo 2^32, by squaring. A negative exponent gives the truncated fraction: 0, except for bases 1 and -1. */
inline vi power(vi base, vi exponent) {
  vu result = vu{} + 1, square = (vu)base, left = (vu)select_int(exponent < 0, vi{}, exponent);
  while (any((vi)left != 0)) {
    result = (vu)select_int((left & 1) != 0, (vi)(result * square), (vi)result);
    square *= square;
    left >>= 1;
  }
  const vi sign = select_int((base == -1) & ((exponent & 1) != 0), splat_int(-1), splat_int(1));
  const vi fraction = select_int((base == 1) | (base == -1), sign, vi{});
  return select_int(exponent < 0, fraction, (vi)result);
}

template <class T> __attribute__((noinline)) inline void compare(BinaryOp op, const T *a, const T *b, u8 *y, i64 n) {
  switch (op) {
  case BinaryOp::EQUAL: return map_exact([](T p, T q) { return static_cast<u8>(p == q); }, n, y, a, b);
  case BinaryOp::NOT_EQUAL: return map_exact([](T p, T q) { return static_cast<u8>(p != q); }, n, y, a, b);
  case BinaryOp::LESS: return map_exact([](T p, T q) { return static_cast<u8>(p < q); }, n, y, a, b);
  case BinaryOp::LESS_EQUAL: return map_exact([](T p, T q) { return static_cast<u8>(p <= q); }, n, y, a, b);
  case BinaryOp::GREATER: return compare(BinaryOp::LESS, b, a, y, n);
  default: return compare(BinaryOp::LESS_EQUAL, b, a, y, n);
  }
}

__attribute__((noinline)) inline void apply(BinaryOp op, const f32 *a, const f32 *b, void *to, i64 n) {
  f32 *y = static_cast<f32 *>(to);
  switch (op) {
  case BinaryOp::ADD: return map_exact([](f32 p, f32 q) { return p + q; }, n, y, a, b);
  case BinaryOp::SUB: return map_exact([](f32 p, f32 q) { return p - q; }, n, y, a, b);
  case BinaryOp::MUL: return map_exact([](f32 p, f32 q) { return p * q; }, n, y, a, b);
  case BinaryOp::DIV: return map_exact([](f32 p, f32 q) { return p / q; }, n, y, a, b);
  case BinaryOp::MOD: return map_vectors([](vf p, vf q) { return remainder(p, q); }, n, y, a, b);
  case BinaryOp::POW: return map_vectors([](vf p, vf q) { return power(p, q); }, n, y, a, b);
  case BinaryOp::MAX: return map_exact([](f32 p, f32 q) { return ((p > q) | (p != p)) ? p : q; }, n, y, a, b);
  case BinaryOp::MIN: return map_exact([](f32 p, f32 q) { return ((p < q) | (p != p)) ? p : q; }, n, y, a, b);
  default: return compare(op, a, b, static_cast<u8 *>(to), n);
  }
}

__attribute__((noinline)) inline void apply(BinaryOp op, const i32 *a, const i32 *b, void *to, i64 n) {
  i32 *y = static_cast<i32 *>(to);
  switch (op) {
  case BinaryOp::ADD: return map_vectors([](vi p, vi q) { return (vi)((vu)p + (vu)q); }, n, y, a, b);
  case BinaryOp::SUB: return map_vectors([](vi p, vi q) { return (vi)((vu)p - (vu)q); }, n, y, a, b);
  case BinaryOp::MUL: return map_vectors([](vi p, vi q) { return (vi)((vu)p * (vu)q); }, n, y, a, b);
  case BinaryOp::DIV: return map_vectors([](vi p, vi q) { return divide(p, q); }, n, y, a, b);
  case BinaryOp::MOD: return map_vectors([](vi p, vi q) { return modulo(p, q); }, n, y, a, b);
  case BinaryOp::POW: return map_vectors([](vi p, vi q) { return power(p, q); }, n, y, a, b);
  case BinaryOp::MAX: return map_exact([](i32 p, i32 q) { return p > q ? p : q; }, n, y, a, b);
  case BinaryOp::MIN: return map_exact([](i32 p, i32 q) { return p < q ? p : q; }, n, y, a, b);
  default: return compare(op, a, b, static_cast<u8 *>(to), n);
  }
}

/** uint8 and bool. */
__attribute__((noinline)) inline void apply(BinaryOp op, const u8 *a, const u8 *b, void *to, i64 n) {
  u8 *y = static_cast<u8 *>(to);
  switch (op) {
  case BinaryOp::AND: return map_exact([](u8 p, u8 q) { return static_cast<u8>(p & q); }, n, y, a, b);
  case BinaryOp::OR: return map_exact([](u8 p, u8 q) { return static_cast<u8>(p | q); }, n, y, a, b);
  case BinaryOp::XOR: return map_exact([](u8 p, u8 q) { return static_cast<u8>(p ^ q); }, n, y, a, b);
  default: return compare(op, a, b, y, n);
  }
}

} // namespace SINAPSE_ISA
