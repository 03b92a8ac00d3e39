// Activations whose gradient follows from their output, for the ends of other kernels: what docs/kernels.md calls linear, relu, leakyRelu,
// sigmoid, tanh.
#pragma once
#include "base/math.h"

namespace SINAPSE_ISA {

/** alpha: the slope of leakyRelu below zero. NaN stays NaN. */
template <Activation activation> inline vf activate(vf x, vf alpha) {
  if constexpr (activation == RELU) return larger(vf{}, x);
  if constexpr (activation == LEAKY_RELU) return select(x < 0.0f, x * alpha, x);
  if constexpr (activation == SIGMOID) return sigmoid(x);
  if constexpr (activation == TANH) return tanh(x);
  return x;
}

/** The gradient of the activation's input from that of its output y. Where y is 0 or NaN relu and leakyRelu have their slope below zero. */
template <Activation activation> inline vf activate_grad(vf y, vf dy, vf alpha) {
  if constexpr (activation == RELU) return (vf)((y > 0.0f) & (vi)dy);
  if constexpr (activation == LEAKY_RELU) return select(y > 0.0f, dy, dy * alpha);
  if constexpr (activation == SIGMOID) return dy * (y * (1.0f - y));
  if constexpr (activation == TANH) return dy * fma(-y, y, splat(1.0f));
  return dy;
}

template <Activation value> struct ActivationConstant {
  static constexpr Activation activation = value;
};

/** Calls `body` with the ActivationConstant of a run-time number, so that loops are compiled for each: `decltype(constant)::activation`. */
template <class Body> inline void with_activation(int activation, const Body &body) {
  switch (activation) {
  case RELU: return body(ActivationConstant<RELU>());
  case LEAKY_RELU: return body(ActivationConstant<LEAKY_RELU>());
  case SIGMOID: return body(ActivationConstant<SIGMOID>());
  case TANH: return body(ActivationConstant<TANH>());
  default: return body(ActivationConstant<LINEAR>());
  }
}

/** For epilogues where compiling for each would cost more code than the switch costs time: the branch is the same in every call. */
__attribute__((noinline)) inline vf activate(int activation, vf x, vf alpha) {
  switch (activation) {
  case RELU: return activate<RELU>(x, alpha);
  case LEAKY_RELU: return activate<LEAKY_RELU>(x, alpha);
  case SIGMOID: return activate<SIGMOID>(x, alpha);
  case TANH: return activate<TANH>(x, alpha);
  default: return x;
  }
}

} // namespace SINAPSE_ISA
