// How a loop is compiled. `SINAPSE_UNROLL for …` has a constant count and becomes straight code, so that an array of vectors can live in registers.
// `SINAPSE_ROLLED for …` stays a loop. `SINAPSE_STEPS for …`, the innermost loop of a product, takes four steps at a time to save loop overhead,
// except in WebAssembly, whose compilers run out of registers.
#pragma once

#if defined(__clang__)
#define SINAPSE_UNROLL _Pragma("clang loop unroll(full)")
#define SINAPSE_ROLLED _Pragma("clang loop unroll(disable)")
#else
#define SINAPSE_UNROLL _Pragma("GCC unroll 16")
#define SINAPSE_ROLLED _Pragma("GCC unroll 1")
#endif

#if defined(__wasm__)
#define SINAPSE_STEPS SINAPSE_ROLLED
#elif defined(__clang__)
#define SINAPSE_STEPS _Pragma("clang loop unroll_count(4)")
#else
#define SINAPSE_STEPS _Pragma("GCC unroll 4")
#endif
