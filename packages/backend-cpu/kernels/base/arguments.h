// A kernel's arguments: a row of doubles. Addresses and sizes are exact in them (below 2^53).
#pragma once
#include "base/types.h"

namespace { // internal linkage: see types.h

/** Reads arguments in order; src/engine/arguments.ts writes them in the same order. */
class Arguments {
  const f64 *next_;

public:
  explicit Arguments(const f64 *first) : next_(first) {}

  i64 integer() { return static_cast<i64>(*next_++); }
  int small() { return static_cast<int>(*next_++); }
  bool flag() { return *next_++ != 0; }
  f32 scalar() { return static_cast<f32>(*next_++); }
  f64 real() { return *next_++; }
  u32 word() { return static_cast<u32>(static_cast<i64>(*next_++)); }
  /** Skips `count` arguments and returns where they begin, for another reader. */
  const f64 *skip(int count) { return (next_ += count) - count; }
  /** The address of a view's first element; null where an optional input is absent. */
  template <class T> T *pointer() { return reinterpret_cast<T *>(static_cast<decltype(sizeof 0)>(*next_++)); }
};

} // namespace
