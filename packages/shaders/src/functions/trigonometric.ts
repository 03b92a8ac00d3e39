// Sine and cosine with the argument reduced in three parts, after Cephes (Moshier 1989). `turns` is 0 for the sine, 1 for the cosine.

import type { FunctionList } from './function-list.ts';

export const functions: FunctionList = {
  wave_: `u32 wave_(u32 a, u32 turns) {
if (isNan(a) || isInfinite(a)) { return 0x7fc00000u; }
f32 x = abs(asFloat(a));
u32 j = u32(min(x * 1.27323954, 2147483000.0));
if ((j & 1u) == 1u) { j += 1u; }
f32 y = f32(j);
f32 r = ((x - y * 0.78515625) - y * 2.4187564849853515625e-4) - y * 3.77489497744594108e-8;
f32 z = r * r;
u32 quarter = (j / 2u + turns) & 3u;
f32 v;
if ((quarter & 1u) == 1u) {
f32 q = 2.443315711809948e-5;
q = q * z - 1.388731625493765e-3;
q = q * z + 4.166664568298827e-2;
v = q * z * z - 0.5 * z + 1.0;
} else {
f32 q = -1.9515295891e-4;
q = q * z + 8.3321608736e-3;
q = q * z - 1.6666654611e-1;
v = q * z * r + r;
}
if (quarter >= 2u) { v = -v; }
v = clamp(v, -1.0, 1.0);
return select(asWord(v), asWord(v) ^ (a & 0x80000000u), turns == 0u);
}
`,
};
