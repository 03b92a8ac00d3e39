// Tests of a float's word. Shader compilers may assume that floats are never NaN or infinite; words they leave alone.

import type { FunctionList } from './function-list.ts';

export const functions: FunctionList = {
  isNan: `bool isNan(u32 w) { return (w & 0x7fffffffu) > 0x7f800000u; }
`,
  isInfinite: `bool isInfinite(u32 w) { return (w & 0x7fffffffu) == 0x7f800000u; }
`,
  isZero: `bool isZero(u32 w) { return (w & 0x7fffffffu) == 0u; }
`,
};
