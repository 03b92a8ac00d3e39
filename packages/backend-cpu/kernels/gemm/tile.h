// The innermost part of every matrix product: a tile of C, a few rows by a few vectors, stays in registers during all steps of k. Each step loads one
// row of B and a column of A and adds their outer product: the register block of Goto and van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication" (2008).
#pragma once
#include "gemm/finish.h"

namespace SINAPSE_ISA {

// The largest tile leaves registers for one row of B and one element of A. In WebAssembly V8 loads all of a step before it multiplies, so there it
// leaves registers for the whole column of A, and one more without fused multiplication. DEPTH steps of B under one tile fill half of a level 1
// cache. With 512 bits a step takes so long that the level 2 cache keeps up, and a larger DEPTH writes C less often.
#if SINAPSE_WIDTH == 16
constexpr int TILE_ROWS = 14, TILE_VECTORS = 2;
constexpr i64 DEPTH = 1024;
#elif SINAPSE_WIDTH == 8
constexpr int TILE_ROWS = 6, TILE_VECTORS = 2;
constexpr i64 DEPTH = 384;
#elif defined(__aarch64__)
constexpr int TILE_ROWS = 8, TILE_VECTORS = 3;
constexpr i64 DEPTH = 384;
#elif defined(__wasm_relaxed_simd__)
constexpr int TILE_ROWS = 3, TILE_VECTORS = 3;
constexpr i64 DEPTH = 384;
#else
constexpr int TILE_ROWS = 4, TILE_VECTORS = 2;
constexpr i64 DEPTH = 384;
#endif
constexpr int TILE_COLUMNS = TILE_VECTORS * WIDTH;

template <int ROWS, int VECTORS> __attribute__((always_inline)) inline void clear(vf (&sum)[ROWS][VECTORS]) {
  SINAPSE_UNROLL for (int i = 0; i < ROWS; i++) {
    SINAPSE_UNROLL for (int v = 0; v < VECTORS; v++) sum[i][v] = vf{};
  }
}

/** Where each row of a tile's part of A begins, in elements after the first row (whose `at` is 0), and the distance from step to step. */
template <int ROWS> struct TileRows {
  isize at[ROWS], step;

  /** A panel, element (i, t) at a[i + t * stride]: packed, or stored transposed. */
  static __attribute__((always_inline)) TileRows panel(isize stride) { return evenly(1, stride); }
  /** Rows that lie `stride` elements apart, element (i, t) at a[i * stride + t]. */
  static __attribute__((always_inline)) TileRows apart(isize stride) { return evenly(stride, 1); }

private:
  static __attribute__((always_inline)) TileRows evenly(isize distance, isize step) {
    TileRows rows;
    SINAPSE_UNROLL for (int i = 0; i < ROWS; i++) rows.at[i] = i * distance;
    rows.step = step;
    return rows;
  }
};

/** sum += A B for `steps` steps of k. Steps of B lie `b_stride` elements apart. */
template <int ROWS, int VECTORS>
__attribute__((always_inline)) inline void add_products(vf (&sum)[ROWS][VECTORS], const f32 *a, const TileRows<ROWS> &rows, const f32 *b,
                                                        isize b_stride, isize steps) {
  SINAPSE_STEPS for (isize t = 0; t < steps; t++) {
    vf right[VECTORS];
    SINAPSE_UNROLL for (int v = 0; v < VECTORS; v++) right[v] = load(b + v * WIDTH);
    SINAPSE_UNROLL for (int i = 0; i < ROWS; i++) {
      const vf left = splat(i == 0 ? a[0] : a[rows.at[i]]);
      SINAPSE_UNROLL for (int v = 0; v < VECTORS; v++) sum[i][v] = fma(left, right[v], sum[i][v]);
    }
    a += rows.step;
    b += b_stride;
  }
}

/**
 * Fetches into the level 2 cache what is needed next, while tiles are computed. Each turn fetches a part, because the processor would wait for all of
 * it.
 */
struct Ahead {
  /** Steps of k from turn to turn. With wide vectors a step takes longest, and more than a few lines at once would stall. */
  static constexpr isize STEPS = WIDTH == 16 ? 16 : 64;
  static i64 turns(isize steps) { return maximum<i64>(1, ceil_div(steps, STEPS)); }
  const f32 *at;
  i64 lines;
  /** Fetches `floats` elements from `at` in `turns` parts; nothing if `at` is null. */
  Ahead(const f32 *at, i64 floats, i64 turns) : at(at), lines(at == nullptr ? 0 : ceil_div(floats, 16 * turns)) {}
  void fetch() {
    for (i64 line = 0; line < lines; line++, at += 16) __builtin_prefetch(at, 0, 2);
  }
};

/** `add_products` in pieces, with a turn of fetching before each. */
template <int ROWS, int VECTORS>
__attribute__((always_inline)) inline void add_and_fetch(vf (&sum)[ROWS][VECTORS], const f32 *a, const TileRows<ROWS> &rows, const f32 *b,
                                                         isize b_stride, isize steps, Ahead &ahead,
                                                         ResultAhead<ROWS, VECTORS> &result) {
  SINAPSE_ROLLED for (isize left = steps; left > 0; left -= Ahead::STEPS) {
    const isize piece = minimum(left, Ahead::STEPS);
    ahead.fetch();
    result.fetch();
    add_products(sum, a, rows, b, b_stride, piece);
    a += piece * rows.step;
    b += piece * b_stride;
  }
}

/** The operands of a tile and where its result goes: its part of A (a panel, or rows apart), its columns of B, its part of C. */
struct TileCall {
  const f32 *a;
  isize a_stride;
  const f32 *b;
  isize b_stride;
  isize steps;
  Ahead *ahead;
  TileResult result;
};

template <bool PANEL, int ROWS, int VECTORS> void multiply_tile(const TileCall &call) {
  ResultAhead<ROWS, VECTORS> result(call.result);
  vf sum[ROWS][VECTORS];
  clear(sum);
  const auto rows = [](isize stride) __attribute__((always_inline)) { return PANEL ? TileRows<ROWS>::panel(stride) : TileRows<ROWS>::apart(stride); };
  // Strides that the compiler knows save the address sums of a step.
  if (call.b_stride == VECTORS * WIDTH && (!PANEL || call.a_stride == ROWS))
    add_and_fetch(sum, call.a, rows(PANEL ? ROWS : call.a_stride), call.b, VECTORS * WIDTH, call.steps, *call.ahead, result);
  else add_and_fetch(sum, call.a, rows(call.a_stride), call.b, call.b_stride, call.steps, *call.ahead, result);
  finish(sum, call.result);
}

template <bool PANEL, int VECTORS, int ROWS> inline void multiply_rows(int rows, const TileCall &call) {
  if (rows == ROWS) multiply_tile<PANEL, ROWS, VECTORS>(call);
  else if constexpr (ROWS > 1) multiply_rows<PANEL, VECTORS, ROWS - 1>(rows, call);
}

template <bool PANEL, int VECTORS = TILE_VECTORS> inline void multiply_sized(int rows, int vectors, const TileCall &call) {
  if (vectors == VECTORS) multiply_rows<PANEL, VECTORS, TILE_ROWS>(rows, call);
  else if constexpr (VECTORS > 1) multiply_sized<PANEL, VECTORS - 1>(rows, vectors, call);
}

/** Multiplies one tile of any size up to TILE_ROWS by TILE_VECTORS. Every step of B must have that many full vectors. */
inline void multiply(bool panel, int rows, int vectors, const TileCall &call) {
  if (panel) multiply_sized<true>(rows, vectors, call);
  else multiply_sized<false>(rows, vectors, call);
}

} // namespace SINAPSE_ISA
