// One step of an element-wise program on one tile: a few vectors of elements. Results are bit for bit those of the kernels that do one op each: the
// same operations on the same elements, nothing fused or reordered within an element.
#pragma once
#include "elementwise/arithmetic.h"
#include "elementwise/cast.h"
#include "elementwise/select.h"
#include "elementwise/unary.h"

namespace SINAPSE_ISA {

/** Vectors of a tile. The plain float ops keep a tile's result in as many registers, so that the next step need not load it. */
constexpr int TILE_REGISTERS = 8;
constexpr i64 TILE = TILE_REGISTERS * WIDTH;

/** The second operand of a step in registers, numbered as in `OPERANDS` of src/kernels/program-steps.ts. Products are rounded before use. */
enum Operand : u16 { TENSOR, NUMBER, TENSOR_TIMES_NUMBER, TENSOR_TIMES_TENSOR };

/** Written by src/kernels/program-steps.ts. y, a, b, c are numbers of slots; y may be NONE if only the next step reads the result. */
struct Step {
  /**
   * Those before COPY_BYTES are of float32 and take operand a from the registers where it is NONE; the others go from memory to memory, and y is
   * none of their operands.
   */
  StepOp op;
  /** The UnaryOp or BinaryOp; for a step in registers, the Operand that b, or b and c, form. */
  u16 function;
  /** The DType of y, and of a. For SELECT, where a is the condition, `dtype` is that of the values b and c. */
  u16 dtype, y_dtype;
  u16 y, a, b, c;
};
constexpr u16 NONE = 0xffff;

/** Where one operand of a tile is: in a tensor, or in a tile of its own. */
struct Slot {
  u8 *at;
  /** All bits set if `at` is the first element of a tensor; no bits if it is the tile itself. */
  i64 walks;
};

struct Tile {
  const Slot *slots;
  /** The first element of the tile in tensors. */
  i64 first;

  template <class T> T *of(u16 slot) const {
    return reinterpret_cast<T *>(slots[slot].at + ((first * static_cast<i64>(sizeof(T))) & slots[slot].walks));
  }
  u8 *of(u16 slot, int dtype) const { return BYTES[dtype] == 1 ? of<u8>(slot) : of<u8[4]>(slot)[0]; }
};

template <class T> inline void binary_step(const Step &step, const Tile &tile) {
  apply(static_cast<BinaryOp>(step.function), tile.of<T>(step.a), tile.of<T>(step.b), tile.of(step.y, step.y_dtype), TILE);
}

template <class T> inline void cast_step(const Step &step, const Tile &tile) {
  cast_from(tile.of<T>(step.a), step.y_dtype, tile.of(step.y, step.y_dtype), 0, TILE);
}

template <class T> inline void select_step(const Step &step, const Tile &tile) {
  choose(tile.of<u8>(step.a), tile.of<T>(step.b), tile.of<T>(step.c), tile.of<T>(step.y), TILE);
}

/** A step from memory to memory, with the functions of the kernels that do one op each. */
__attribute__((noinline)) inline void run_in_memory(const Step &step, const Tile &tile) {
  switch (step.op) {
  case StepOp::UNARY:
    return unary_rows(static_cast<UnaryOp>(step.function), step.dtype, tile.of(step.a, step.dtype), tile.of(step.y, step.y_dtype), TILE);
  case StepOp::BINARY:
    if (step.dtype == FLOAT32) return binary_step<f32>(step, tile);
    if (step.dtype == INT32) return binary_step<i32>(step, tile);
    return binary_step<u8>(step, tile);
  case StepOp::POW_NUMBER: { // as in binaryScalar
    const f32 *a = tile.of<f32>(step.a), *b = tile.of<f32>(step.b);
    return *b == 2 ? apply(BinaryOp::MUL, a, a, tile.of<f32>(step.y), TILE) : apply(BinaryOp::POW, a, b, tile.of<f32>(step.y), TILE);
  }
  case StepOp::SELECT: return BYTES[step.dtype] == 4 ? select_step<u32>(step, tile) : select_step<u8>(step, tile);
  case StepOp::CAST:
    if (step.dtype == FLOAT32) return cast_step<f32>(step, tile);
    if (step.dtype == INT32) return cast_step<i32>(step, tile);
    return cast_step<u8>(step, tile);
  default: __builtin_memcpy(tile.of<u8>(step.y), tile.of<u8>(step.a), TILE); // COPY_BYTES
  }
}

#define SINAPSE_INLINE __attribute__((always_inline)) inline

/** A tile in registers. Loops over them are unrolled by recursion, so that compilers see registers from the start instead of an array. */
struct Registers {
  vf of[TILE_REGISTERS];
};

/** value = f(value) */
template <int COUNT = TILE_REGISTERS, class F> SINAPSE_INLINE void map(Registers &value, const F &f) {
  if constexpr (COUNT > 1) map<COUNT - 1>(value, f);
  value.of[COUNT - 1] = f(value.of[COUNT - 1]);
}

/** value = f(value, tensor) */
template <int COUNT = TILE_REGISTERS, class F> SINAPSE_INLINE void join(Registers &value, const f32 *tensor, const F &f) {
  if constexpr (COUNT > 1) join<COUNT - 1>(value, tensor, f);
  value.of[COUNT - 1] = f(value.of[COUNT - 1], load(tensor + (COUNT - 1) * WIDTH));
}

/** value = f(value, tensor a, tensor b) */
template <int COUNT = TILE_REGISTERS, class F> SINAPSE_INLINE void join(Registers &value, const f32 *a, const f32 *b, const F &f) {
  if constexpr (COUNT > 1) join<COUNT - 1>(value, a, b, f);
  value.of[COUNT - 1] = f(value.of[COUNT - 1], load(a + (COUNT - 1) * WIDTH), load(b + (COUNT - 1) * WIDTH));
}

template <int COUNT = TILE_REGISTERS> SINAPSE_INLINE void save(const Registers &value, f32 *to) {
  if constexpr (COUNT > 1) save<COUNT - 1>(value, to);
  store(to + (COUNT - 1) * WIDTH, value.of[COUNT - 1]);
}

/** A step in registers with two operands. */
template <bool PRODUCTS, class F> SINAPSE_INLINE void join(Registers &value, const Step &step, const Tile &tile, const F &f) {
  const f32 *b = tile.of<f32>(step.b);
  if (step.function == TENSOR) return join(value, b, f);
  if (!PRODUCTS || step.function == NUMBER) {
    const vf number = load(b);
    return map(value, [&](vf p) { return f(p, number); });
  }
  const f32 *c = tile.of<f32>(step.c);
  if (step.function == TENSOR_TIMES_TENSOR) return join(value, b, c, [&](vf p, vf q, vf r) { return f(p, q * r); });
  const vf number = load(c);
  join(value, b, [&](vf p, vf q) { return f(p, q * number); });
}

/** All steps of a program on one tile. */
inline void run_steps(const Step *steps, i64 count, const Tile &tile) {
  Registers value = {};
  for (const Step *at = steps; at < steps + count; at++) {
    const Step &step = *at;
    if (step.op >= StepOp::COPY_BYTES) {
      run_in_memory(step, tile);
      value = {}; // the call needs no registers saved
      continue;
    }
    if (step.a != NONE) join(value, tile.of<f32>(step.a), [](vf, vf q) { return q; });
    switch (step.op) {
    case StepOp::ADD: join<true>(value, step, tile, [](vf p, vf q) { return p + q; }); break;
    case StepOp::SUB: join<true>(value, step, tile, [](vf p, vf q) { return p - q; }); break;
    case StepOp::SUB_FROM: join<true>(value, step, tile, [](vf p, vf q) { return q - p; }); break;
    case StepOp::MUL: join<true>(value, step, tile, [](vf p, vf q) { return p * q; }); break;
    case StepOp::DIV: join<true>(value, step, tile, [](vf p, vf q) { return p / q; }); break;
    case StepOp::DIV_INTO: join<true>(value, step, tile, [](vf p, vf q) { return q / p; }); break;
    case StepOp::MAX: join<false>(value, step, tile, [](vf p, vf q) { return select((p > q) | is_nan(p), p, q); }); break;
    case StepOp::MAX_WITH: join<false>(value, step, tile, [](vf p, vf q) { return select((q > p) | is_nan(q), q, p); }); break;
    case StepOp::MIN: join<false>(value, step, tile, [](vf p, vf q) { return select((p < q) | is_nan(p), p, q); }); break;
    case StepOp::MIN_WITH: join<false>(value, step, tile, [](vf p, vf q) { return select((q < p) | is_nan(q), q, p); }); break;
    case StepOp::NEG: map(value, [](vf p) { return -p; }); break;
    case StepOp::ABS: map(value, [](vf p) { return absolute(p); }); break;
    case StepOp::SQRT: map(value, [](vf p) { return square_root(p); }); break;
    default: break; // COPY
    }
    if (step.y != NONE) save(value, tile.of<f32>(step.y));
  }
}

} // namespace SINAPSE_ISA
