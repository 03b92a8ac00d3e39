// Stores a finished tile of a product from registers: adds it to C, or applies the epilogue.
#pragma once
#include "base/unroll.h"
#include "gemm/epilogue.h"

namespace SINAPSE_ISA {

/** Where a tile goes in C. */
struct TileResult {
  f32 *c;
  isize ldc;
  /** How many columns are stored; tiles are computed in full vectors. */
  isize columns;
  /** C holds the sum of the steps before these. */
  bool accumulate;
  /** The epilogue, in whose matrix the tile begins at `row` and `column`; null unless these are the last steps. */
  const Epilogue *epilogue;
  isize row, column;
};

/**
 * Fetches what a tile will need of C and of the residual when its sum is done: rows lie too far apart for the processor to predict. With wide
 * vectors, each turn fetches only a few rows: more would delay what the sum itself needs.
 */
template <int ROWS, int VECTORS> class ResultAhead {
  static constexpr int TURN = WIDTH == 16 ? minimum(ROWS, 4) : ROWS;
  const f32 *c_, *residual_ = nullptr;
  isize c_row_, residual_row_ = 0;
  int left_ = ROWS;

public:
  explicit ResultAhead(const TileResult &to) : c_(to.c), c_row_(to.ldc) {
    if (to.epilogue == nullptr || to.epilogue->residual == nullptr) return;
    residual_row_ = static_cast<isize>(to.epilogue->residual_stride);
    residual_ = to.epilogue->residual + to.row * residual_row_ + to.column;
    if (residual_ == c_) residual_ = nullptr;
  }
  __attribute__((always_inline)) void fetch() {
    const int rows = minimum(left_, TURN);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < VECTORS * WIDTH; j += 16) __builtin_prefetch(c_ + j, 1);
      c_ += c_row_;
      if (residual_ == nullptr) continue;
      for (int j = 0; j < VECTORS * WIDTH; j += 16) __builtin_prefetch(residual_ + j);
      residual_ += residual_row_;
    }
    left_ -= rows;
  }
};

/** The general case: a tile of `rows` rows in memory, `stride` elements apart. In its last vectors, elements beyond the columns are undefined. */
__attribute__((noinline)) inline void finish_in_memory(f32 *tile, int rows, int stride, const TileResult &to) {
  const isize whole = to.columns / WIDTH * WIDTH, rest = to.columns - whole;
  const Epilogue *epilogue = to.epilogue;
  for (int i = 0; i < rows; i++) {
    f32 *from = tile + i * stride;
    f32 *c = to.c + i * to.ldc;
    const f32 *bias = epilogue == nullptr || epilogue->bias == nullptr ? nullptr : epilogue->bias + to.column;
    const f32 *residual = epilogue == nullptr || epilogue->residual == nullptr
                              ? nullptr
                              : epilogue->residual + (to.row + i) * epilogue->residual_stride + to.column;
    for (isize j = 0; j < to.columns; j += WIDTH) {
      const auto read = [&](const f32 *p) { return j < whole ? load(p + j) : load_part(p + j, rest); };
      vf x = load(from + j);
      if (to.accumulate) x += read(c);
      if (bias != nullptr) x += read(bias);
      if (residual != nullptr) x += read(residual);
      if (epilogue != nullptr) x = activate(epilogue->activation, x, splat(epilogue->alpha));
      if (j < whole) store(c + j, x);
      else store_part(c + j, x, rest);
    }
  }
}

template <int ROWS, int VECTORS> __attribute__((always_inline)) inline void finish(vf (&sum)[ROWS][VECTORS], const TileResult &to) {
  const Epilogue *epilogue = to.epilogue;
  if (to.columns < VECTORS * WIDTH || (epilogue != nullptr && !epilogue->simple())) {
    alignas(64) f32 tile[ROWS * VECTORS * WIDTH];
    SINAPSE_UNROLL for (int i = 0; i < ROWS; i++) {
      SINAPSE_UNROLL for (int v = 0; v < VECTORS; v++) store(tile + (i * VECTORS + v) * WIDTH, sum[i][v]);
    }
    finish_in_memory(tile, ROWS, VECTORS * WIDTH, to);
    return;
  }
  const auto each = [&](auto change) __attribute__((always_inline)) {
    SINAPSE_UNROLL for (int i = 0; i < ROWS; i++) {
      SINAPSE_UNROLL for (int v = 0; v < VECTORS; v++) sum[i][v] = change(sum[i][v], i, v);
    }
  };
  if (to.accumulate) each([&](vf x, int i, int v) __attribute__((always_inline)) { return x + load(to.c + i * to.ldc + v * WIDTH); });
  if (epilogue != nullptr) {
    if (epilogue->bias != nullptr) {
      vf bias[VECTORS];
      SINAPSE_UNROLL for (int v = 0; v < VECTORS; v++) bias[v] = load(epilogue->bias + to.column + v * WIDTH);
      each([&](vf x, int, int v) __attribute__((always_inline)) { return x + bias[v]; });
    }
    if (epilogue->residual != nullptr) {
      const f32 *residual = epilogue->residual + to.row * epilogue->residual_stride + to.column;
      each([&](vf x, int i, int v) __attribute__((always_inline)) { return x + load(residual + i * epilogue->residual_stride + v * WIDTH); });
    }
    if (epilogue->activation == RELU) each([](vf x, int, int) __attribute__((always_inline)) { return activate<RELU>(x, vf{}); });
    else if (epilogue->activation == LEAKY_RELU)
      each([&](vf x, int, int) __attribute__((always_inline)) { return activate<LEAKY_RELU>(x, splat(epilogue->alpha)); });
  }
  SINAPSE_UNROLL for (int i = 0; i < ROWS; i++) {
    SINAPSE_UNROLL for (int v = 0; v < VECTORS; v++) store(to.c + i * to.ldc + v * WIDTH, sum[i][v]);
  }
}

} // namespace SINAPSE_ISA
