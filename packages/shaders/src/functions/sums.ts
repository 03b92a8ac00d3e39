// Sums and differences of words whose NaN and infinities no compiler may assume away.

import type { FunctionList } from './function-list.ts';

export const functions: FunctionList = {
  add_: `u32 add_(u32 a, u32 b) {
if (isNan(a) || isNan(b) || (isInfinite(a) && isInfinite(b) && a != b)) { return 0x7fc00000u; }
if (isInfinite(a)) { return a; }
if (isInfinite(b)) { return b; }
return asWord(asFloat(a) + asFloat(b));
}
`,
  less_: `u32 less_(u32 a, u32 b) {
return add_(a, b ^ 0x80000000u);
}
`,
};
