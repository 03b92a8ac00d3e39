// The operands of a matrix product C[m, n] = A[m, k] B[k, n]. Each has its own row length and is stored as it is or transposed.
#pragma once
#include "base/types.h"

namespace SINAPSE_ISA {

struct Gemm {
  i64 m, n, k;
  /** A(i, t) is a[i * lda + t], transposed a[t * lda + i]. */
  const f32 *a;
  i64 lda;
  bool transpose_a;
  /** B(t, j) is b[t * ldb + j], transposed b[j * ldb + t]. */
  const f32 *b;
  i64 ldb;
  bool transpose_b;
  /** C(i, j) is c[i * ldc + j]; it overlaps neither operand. */
  f32 *c;
  i64 ldc;
};

/** An integer as wide as an address, for the inner loops. */
using isize = __PTRDIFF_TYPE__;

} // namespace SINAPSE_ISA
