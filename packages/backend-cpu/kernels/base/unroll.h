// What a loop's body is compiled to: `SINAPSE_UNROLL for …` has a constant count and becomes straight code, so that an array of vectors can
// live in registers; `SINAPSE_ROLLED for …` stays as it is.
#pragma once

#if defined(__clang__)
#define SINAPSE_UNROLL _Pragma("clang loop unroll(full)")
#define SINAPSE_ROLLED _Pragma("clang loop unroll(disable)")
#else
#define SINAPSE_UNROLL _Pragma("GCC unroll 16")
#define SINAPSE_ROLLED _Pragma("GCC unroll 1")
#endif
