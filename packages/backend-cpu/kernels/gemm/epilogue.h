// What is applied to a product before it is stored: bias, residual, activation.
#pragma once
#include "base/activation.h"
#include "gemm/shape.h"

namespace SINAPSE_ISA {

/** C(i, j) becomes activation(C(i, j) + bias[j] + residual[i * residual_stride + j]). */
struct Epilogue {
  const f32 *bias = nullptr;
  const f32 *residual = nullptr;
  i64 residual_stride = 0;
  Activation activation = LINEAR;
  /** The slope of leakyRelu below zero. */
  f32 alpha = 0;

  bool none() const { return bias == nullptr && residual == nullptr && activation == LINEAR; }
  /** Whether every tile can apply it in registers. */
  bool simple() const { return activation <= LEAKY_RELU; }
  /** The epilogue of the part of C that begins at this row and column. */
  Epilogue at(i64 row, i64 column) const {
    Epilogue part = *this;
    if (bias != nullptr) part.bias += column;
    if (residual != nullptr) part.residual += row * residual_stride + column;
    return part;
  }
};

} // namespace SINAPSE_ISA
