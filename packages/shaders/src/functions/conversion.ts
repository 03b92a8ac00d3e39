// Conversions of a float's word to integers: rounded towards zero and clamped; NaN becomes 0. And the extremes, which NaN wins.

import type { FunctionList } from './function-list.ts';

export const functions: FunctionList = {
  toInt_: `u32 toInt_(u32 a) {
if (isNan(a)) { return 0u; }
f32 x = asFloat(a);
if (x >= 2147483648.0) { return 0x7fffffffu; }
if (x <= -2147483648.0) { return 0x80000000u; }
return asUnsigned(i32(x));
}
`,
  toByte_: `u32 toByte_(u32 a) {
if (isNan(a)) { return 0u; }
return u32(clamp(asFloat(a), 0.0, 255.0));
}
`,
  max_: `u32 max_(u32 a, u32 b) {
if (isNan(a) || isNan(b)) { return 0x7fc00000u; }
if (isZero(a) && isZero(b)) { return a & b; }
return select(b, a, asFloat(a) > asFloat(b));
}
`,
  min_: `u32 min_(u32 a, u32 b) {
if (isNan(a) || isNan(b)) { return 0x7fc00000u; }
if (isZero(a) && isZero(b)) { return a | b; }
return select(b, a, asFloat(a) < asFloat(b));
}
`,
};
