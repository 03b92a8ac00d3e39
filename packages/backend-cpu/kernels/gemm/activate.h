// Activations of a vector of values.
#pragma once
#include "base/vector.h"
#include "gemm/epilogue.h"

namespace SINAPSE_ISA {

/** NaN stays NaN. */
inline vf relu(vf x) { return select(x < 0, vf{}, x); }
inline vf leaky_relu(vf x, f32 alpha) { return select(x < 0, x * alpha, x); }

/** e^x - 1 by its power series after halving x down to the neighbourhood of 0, in float64. */
inline f64 exponential_minus_one(f64 x) {
  if (x != x || x < -700) return x != x ? x : -1;
  if (x > 700) x = 700;
  const i64 n = static_cast<i64>(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
  const f64 r = x - static_cast<f64>(n) * 0.6931471805599453;
  f64 series = 1;
  for (int i = 14; i > 1; i--) series = 1 + series * r / i;
  series *= r; // e^r - 1
  const u64 bits = static_cast<u64>(n + 1023) << 52;
  f64 power;
  __builtin_memcpy(&power, &bits, sizeof power);
  return n == 0 ? series : power * series + (power - 1);
}

inline f64 activate_one(f64 x, Activation activation, f64 alpha) {
  switch (activation) {
  case ELU: return x < 0 ? alpha * exponential_minus_one(x) : x;
  case SIGMOID: return 1 / (2 + exponential_minus_one(-x));
  case TANH: {
    const f64 e = exponential_minus_one(2 * (x < 0 ? -x : x));
    return (x < 0 ? -e : e) / (e + 2);
  }
  default: return x;
  }
}

__attribute__((noinline)) inline vf activate(vf x, Activation activation, f32 alpha) {
  if (activation == LINEAR) return x;
  if (activation == RELU) return relu(x);
  if (activation == LEAKY_RELU) return leaky_relu(x, alpha);
  for (int i = 0; i < WIDTH; i++) x[i] = static_cast<f32>(activate_one(x[i], activation, alpha));
  return x;
}

} // namespace SINAPSE_ISA
