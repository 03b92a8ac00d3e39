// The few types and functions that other C++ takes from the standard library: the kernels are freestanding.
#pragma once
#include "base/names.h"

using i8 = signed char;
using u8 = unsigned char;
using u16 = unsigned short;
using i32 = int;
using u32 = unsigned int;
using i64 = long long;
using u64 = unsigned long long;
using f32 = float;
using f64 = double;

static_assert(sizeof(i32) == 4 && sizeof(i64) == 8);

/** Of the element types, by their number. bool is kept as bytes 0 and 1. */
inline constexpr int BYTES[] = {4, 4, 1, 1};

// Functions in headers outside of the instruction sets' namespaces have internal linkage: the linker must not take an AVX-512 copy for all.
template <class T> static constexpr T minimum(T a, T b) { return b < a ? b : a; }
template <class T> static constexpr T maximum(T a, T b) { return a < b ? b : a; }
static constexpr i64 ceil_div(i64 a, i64 b) { return (a + b - 1) / b; }
static constexpr i64 round_up(i64 a, i64 b) { return ceil_div(a, b) * b; }
